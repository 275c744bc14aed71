"""Taking members out"""

import sqlalchemy as sa
from alembic import op

from models.migrations.triggers import forbid_on

revision = "0007"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('member_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('handle', sa.String(length=300), nullable=False),
    sa.Column('display_name', sa.String(length=300), nullable=False),
    sa.Column('reason_code', sa.String(length=60), nullable=False),
    sa.Column('clause', sa.String(length=40), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('keep_out', sa.Boolean(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_member_decision_by')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_member_decision_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_decision'))
    )
    op.create_table('member_removal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('handle', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.Text(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('cure', sa.Text(), nullable=False),
    sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decision_id'], ['member_decision.id'], name=op.f('fk_member_removal_decision_id')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_member_removal_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_removal')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_member_removal_decision_id'))
    )
    with op.batch_alter_table('member_removal', schema=None) as batch_op:
        batch_op.create_index('ix_member_removal_place', ['source_id', 'handle'], unique=False)
        batch_op.create_index(batch_op.f('ix_member_removal_state'), ['state'], unique=False)

    forbid_on("member_decision")


def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
