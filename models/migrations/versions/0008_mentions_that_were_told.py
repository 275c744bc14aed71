"""Mentions that were told"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('told_mention',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('media_id', sa.String(length=40), nullable=False),
    sa.Column('comment_id', sa.String(length=40), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('found', sa.Boolean(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_told_mention_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_told_mention')),
    sa.UniqueConstraint('source_id', 'media_id', 'comment_id', name=op.f('uq_told_mention_source_id_media_id_comment_id'))
    )


def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
