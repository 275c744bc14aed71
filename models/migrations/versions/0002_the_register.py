"""The register"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('register_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('external_ref', sa.String(length=120), nullable=True),
    sa.Column('first_name', sa.String(length=120), nullable=False),
    sa.Column('surname', sa.String(length=120), nullable=False),
    sa.Column('standing', sa.String(length=40), nullable=False),
    sa.Column('roles', sa.Text(), nullable=False),
    sa.Column('date_of_birth', sa.Date(), nullable=True),
    sa.Column('age_band', sa.String(length=40), nullable=False),
    sa.Column('adult_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adult_confirmed_by', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('do_not_publish', sa.Boolean(), nullable=False),
    sa.Column('do_not_publish_reason', sa.Text(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['person.id'], name=op.f('fk_register_person_account_id')),
    sa.ForeignKeyConstraint(['adult_confirmed_by'], ['person.id'], name=op.f('fk_register_person_adult_confirmed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_person')),
    sa.UniqueConstraint('account_id', name=op.f('uq_register_person_account_id')),
    sa.UniqueConstraint('external_ref', name=op.f('uq_register_person_external_ref'))
    )
    with op.batch_alter_table('register_person', schema=None) as batch_op:
        batch_op.create_index('ix_register_person_surname', ['surname', 'first_name'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=40), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('given_by', sa.String(length=240), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('purpose', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.String(length=80), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('until_day', sa.Date(), nullable=True),
    sa.Column('evidence_ref', sa.String(length=200), nullable=False),
    sa.Column('own_wish', sa.String(length=20), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_why', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_consent_ended_by')),
    sa.ForeignKeyConstraint(['given_by_id'], ['register_person.id'], name=op.f('fk_consent_given_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['register_person.id'], name=op.f('fk_consent_person_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_consent_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_person_id'), ['person_id'], unique=False)

    op.create_table('register_alias',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=240), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['register_person.id'], name=op.f('fk_register_alias_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_alias')),
    sa.UniqueConstraint('person_id', 'name', name=op.f('uq_register_alias_person_id_name'))
    )
    with op.batch_alter_table('register_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_alias_person_id'), ['person_id'], unique=False)

    op.create_table('register_handle',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('connector', sa.String(length=40), nullable=False),
    sa.Column('handle', sa.String(length=300), nullable=False),
    sa.Column('handle_key', sa.String(length=300), nullable=False),
    sa.Column('use', sa.String(length=40), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['register_person.id'], name=op.f('fk_register_handle_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_handle')),
    sa.UniqueConstraint('connector', 'handle_key', name=op.f('uq_register_handle_connector_handle_key'))
    )
    with op.batch_alter_table('register_handle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_handle_person_id'), ['person_id'], unique=False)

    op.create_table('register_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['register_person.id'], name=op.f('fk_register_link_person_id')),
    sa.ForeignKeyConstraint(['to_id'], ['register_person.id'], name=op.f('fk_register_link_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_link')),
    sa.UniqueConstraint('person_id', 'to_id', 'kind', name=op.f('uq_register_link_person_id_to_id_kind'))
    )
    with op.batch_alter_table('register_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_link_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_register_link_to_id'), ['to_id'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('matter', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['about_id'], ['register_person.id'], name=op.f('fk_task_about_id')),
    sa.ForeignKeyConstraint(['done_by'], ['person.id'], name=op.f('fk_task_done_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    sa.UniqueConstraint('kind', 'matter', name=op.f('uq_task_kind_matter'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_about_id'), ['about_id'], unique=False)
        batch_op.create_index('ix_task_open', ['done_at', 'role', 'due_at'], unique=False)



def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
