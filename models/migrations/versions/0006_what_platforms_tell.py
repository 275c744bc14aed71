"""What platforms tell"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hook',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('last_accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hook')),
    sa.UniqueConstraint('name', name=op.f('uq_hook_name'))
    )
    op.create_table('woken',
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_woken_source_id')),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_woken'))
    )
    # The default is for the posts that are there already; the program always writes a number.
    op.add_column('post', sa.Column('reports', sa.Integer(), nullable=False, server_default='0'))
    # Made here, so that two web processes never both make it.
    op.execute(sa.text("INSERT INTO hook (name, accepted, refused) VALUES ('meta', 0, 0)"))

def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
