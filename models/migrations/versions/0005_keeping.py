"""Whom a matter is kept from, and what is no longer kept"""

import sqlalchemy as sa
from alembic import op

from models.migrations.dropping import let_words_go

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tombstone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('keeping', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('second', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_tombstone_by')),
    sa.ForeignKeyConstraint(['second'], ['person.id'], name=op.f('fk_tombstone_second')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tombstone'))
    )
    with op.batch_alter_table('tombstone', schema=None) as batch_op:
        batch_op.create_index('ix_tombstone_thing', ['kind', 'thing_id'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('started_by', sa.String(length=10), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('copied', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('faults', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['register_person.id'], name=op.f('fk_contact_child_id')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_contact_post_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_contact_recorded_by')),
    sa.ForeignKeyConstraint(['staff_id'], ['register_person.id'], name=op.f('fk_contact_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('post_id', 'staff_id', 'child_id', name=op.f('uq_contact_post_id_staff_id_child_id'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_staff_id'), ['staff_id'], unique=False)

    op.create_table('case_keeping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_by', sa.Integer(), nullable=True),
    sa.Column('held_why', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_case_keeping_asked_by')),
    sa.ForeignKeyConstraint(['case_id'], ['safeguarding_case.id'], name=op.f('fk_case_keeping_case_id')),
    sa.ForeignKeyConstraint(['held_by'], ['person.id'], name=op.f('fk_case_keeping_held_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_keeping')),
    sa.UniqueConstraint('case_id', name=op.f('uq_case_keeping_case_id'))
    )
    op.create_table('kept_from',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('register_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['person.id'], name=op.f('fk_kept_from_account_id')),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_kept_from_by')),
    sa.ForeignKeyConstraint(['case_id'], ['safeguarding_case.id'], name=op.f('fk_kept_from_case_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_kept_from_ended_by')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_kept_from_item_id')),
    sa.ForeignKeyConstraint(['register_id'], ['register_person.id'], name=op.f('fk_kept_from_register_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_from'))
    )
    with op.batch_alter_table('kept_from', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_from_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_kept_from_case', ['case_id', 'account_id'], unique=False)
        batch_op.create_index('ix_kept_from_item', ['item_id', 'account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kept_from_register_id'), ['register_id'], unique=False)

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True))

    let_words_go()


def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
