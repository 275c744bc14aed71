"""Groups and accounts"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("privacy", sa.String(length=40), nullable=False),
        sa.Column("privacy_by", sa.Integer(), nullable=True),
        sa.Column("privacy_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("checked_mark", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["privacy_by"], ["person.id"], name=op.f("fk_group_profile_privacy_by")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_group_profile_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_profile")),
        sa.UniqueConstraint("source_id", name=op.f("uq_group_profile_source_id")),
    )
    op.create_table(
        "group_viewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group_profile.id"], name=op.f("fk_group_viewer_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["register_person.id"], name=op.f("fk_group_viewer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_viewer")),
        sa.UniqueConstraint(
            "group_id", "person_id", "since", name=op.f("uq_group_viewer_group_id_person_id_since")
        ),
    )
    with op.batch_alter_table("group_viewer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_viewer_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_viewer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "member_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_member_check_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_check_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["register_person.id"], name=op.f("fk_member_check_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_check")),
        sa.UniqueConstraint(
            "member_id", "person_id", name=op.f("uq_member_check_member_id_person_id")
        ),
    )
    with op.batch_alter_table("member_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_check_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_check_state"), ["state"], unique=False)

    op.create_table(
        "membership_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("shown_name", sa.String(length=300), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_membership_review_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_membership_review_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["register_person.id"], name=op.f("fk_membership_review_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_membership_review_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_review")),
        sa.UniqueConstraint("source_id", "who", name=op.f("uq_membership_review_source_id_who")),
    )
    with op.batch_alter_table("membership_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_review_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index("ix_membership_review_open", ["decided_at", "due_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_membership_review_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "social_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("two_factor", sa.String(length=40), nullable=False),
        sa.Column("sign_in", sa.String(length=40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_social_account_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["register_person.id"], name=op.f("fk_social_account_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_account")),
        sa.UniqueConstraint("platform", "handle", name=op.f("uq_social_account_platform_handle")),
    )
    op.create_table(
        "account_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["social_account.id"], name=op.f("fk_account_holder_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["register_person.id"], name=op.f("fk_account_holder_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_holder")),
        sa.UniqueConstraint(
            "account_id",
            "person_id",
            "since",
            name=op.f("uq_account_holder_account_id_person_id_since"),
        ),
    )
    with op.batch_alter_table("account_holder", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_holder_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_account_holder_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "membership_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("strength", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_membership_evidence_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["membership_review.id"], name=op.f("fk_membership_evidence_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_membership_evidence_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_evidence")),
        sa.UniqueConstraint(
            "review_id",
            "revision_id",
            "start",
            "end",
            name=op.f("uq_membership_evidence_review_id_revision_id_start_end"),
        ),
    )
    with op.batch_alter_table("membership_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_evidence_post_id"), ["post_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_membership_evidence_review_id"), ["review_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_membership_evidence_revision_id"), ["revision_id"], unique=False
        )


def downgrade() -> None:
    raise RuntimeError("a schema that holds the record is never taken away")
