"""A contact whose time is over keeps from whom it is kept, and nothing of the child"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('child_id', existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
