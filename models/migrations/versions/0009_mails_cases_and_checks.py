"""Whom a mail went to, why a case is to be erased, and when a check of staff was seen"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('addressee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('listed', sa.String(length=20), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_addressee_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_addressee'))
    )
    with op.batch_alter_table('addressee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_addressee_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_addressee_looked_at'), ['looked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_addressee_post_id'), ['post_id'], unique=False)

    op.create_table('staff_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('renew_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['register_person.id'], name=op.f('fk_staff_check_person_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_staff_check_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_check')),
    sa.UniqueConstraint('person_id', name=op.f('uq_staff_check_person_id'))
    )
    with op.batch_alter_table('case_keeping', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asked_why', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
