"""One pass over a Page: its feed from the newest down, and each post's comments and replies.

The first pass reads everything. Later ones read the feed as far back as `watch_days`, and the
comments of posts that are newer than `reread_days` or were touched since the last pass: the
platform tells neither of edits nor of deletions, so words are read again and compared, and what
is missing is looked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from collector.connector import Batch, IncomingPost
from collector.connectors import facebook_cursor as cursors
from collector.connectors.facebook_client import GraphClient
from collector.connectors.facebook_errors import Missing
from collector.connectors.facebook_look import Look, may_be_asked
from collector.connectors.facebook_paging import Progress, read_page
from collector.connectors.facebook_posts import (
    COMMENT_FIELDS,
    POST_FIELDS,
    comment_count,
    read_comment,
    read_post,
    touched_at,
)
from collector.connectors.walk import TOO_MANY, gone_of, missed, still_watched
from models.errors import NeedsOperator, Refused

_MARGIN = timedelta(minutes=10)
"""Clocks differ: what was touched this shortly before the last pass is read again."""

NAMELESS = (
    "Facebook does not say who wrote some of these. Give the token the permission "
    "pages_read_user_content, and the names appear."
)
LEFT_OUT = "Facebook sent something that is neither a post nor a comment; it was left out."


@dataclass(slots=True)
class Walk:
    """A pass that is under way. steps() may be abandoned after any batch. whole: it is done."""

    client: GraphClient
    page_id: str
    subject: str
    state: cursors.Pass
    moment: datetime
    reread: timedelta
    watch: timedelta
    whole: bool = False
    _notes: dict[str, None] = field(default_factory=dict)

    def steps(self) -> Iterator[Batch]:
        """Small batches, each with the cursor after it. Raises as GraphClient."""
        stored = bool(self.state.page or self.state.comments)
        try:
            yield from self._feed()
        except Refused:
            # A place that was kept can grow stale; then the pass is read from its top, once.
            if not stored or not (self.state.page or self.state.comments):
                raise
            self.state.restart()
            yield from self._feed()
        end = self._end()
        self.whole = True
        yield end

    def _feed(self) -> Iterator[Batch]:
        progress = Progress(self.subject)
        while True:
            raws, onward = self._feed_page()
            read = [(raw, self._noted(read_post(raw, self.page_id, self.moment))) for raw in raws]
            standing = [(raw, post) for raw, post in read if post is not None]
            for raw, post in standing:
                self._begin(raw, post)
            if not self.state.listed:  # else a poll that rests here each time would not get on
                self.state.listed = True
                yield self._batch([post for _, post in standing])
            for raw, post in standing:
                if post.native_id not in self.state.done:
                    yield from self._under(raw, post)
            if not onward or self._old_enough(standing):
                return
            progress.check((post.native_id for _, post in standing), onward)
            self.state.page, self.state.done, self.state.listed = onward, [], False

    def _feed_page(self) -> tuple[list[Any], cursors.Onward]:
        edge = f"{self.page_id}/feed"
        try:
            return read_page(self.client, edge, self.state.page, self.subject, fields=POST_FIELDS)
        except Missing:
            raise NeedsOperator(
                "Facebook does not show this Page to the access token.",
                subject=self.subject,
                cure="Check page_id, and that the token is a Page token of this Page.",
            ) from None

    def _begin(self, raw: Any, post: IncomingPost) -> None:
        """Note that the feed lists it; a recent one is watched for deletion, comments too."""
        if self._is_recent(post) and may_be_asked(post.native_id):
            self.state.seen.setdefault(post.native_id, [])
        elif post.native_id in self.state.known:
            self.state.seen[post.native_id] = None

    def _noted(self, post: IncomingPost | None) -> IncomingPost | None:
        if post is None:
            self._notes[LEFT_OUT] = None
        elif post.author_id is None:
            self._notes[NAMELESS] = None
        return post

    def _batch(self, posts: list[IncomingPost]) -> Batch:
        notes, self._notes = tuple(self._notes), {}
        return Batch(tuple(posts), self.state.to_cursor(), notes=notes)

    def _under(self, raw: Any, post: IncomingPost) -> Iterator[Batch]:
        """The comments and replies of one post, if they are to be read in this pass."""
        if self.state.reading != post.native_id:
            self.state.reading, self.state.comments = post.native_id, {}
        if self._worth_reading(raw, post):
            if not self.state.comments and self.state.seen.get(post.native_id):
                self.state.seen[post.native_id] = []
            yield from self._comments(post.native_id)
        self.state.done.append(post.native_id)
        self.state.reading, self.state.comments = "", {}

    def _comments(self, post_id: str) -> Iterator[Batch]:
        progress = Progress(self.subject)
        while True:
            found = self._comments_page(post_id)
            if found is None:
                return
            raws, onward = found
            read = [read_comment(raw, self.page_id, post_id, self.moment) for raw in raws]
            comments = [one for one in map(self._noted, read) if one is not None]
            ids = [comment.native_id for comment in comments]
            if not self.state.watch(post_id, ids):
                self._notes[TOO_MANY] = None
            self.state.comments = onward
            if not onward:  # the last page and "done" are one step, or a crash reads it twice
                self.state.done.append(post_id)
                yield self._batch(comments)
                self.state.done.pop()
                return
            yield self._batch(comments)
            progress.check(ids, onward)

    def _comments_page(self, post_id: str) -> tuple[list[Any], cursors.Onward] | None:
        """None where the post was deleted since the feed was read: the next pass misses it."""
        try:
            return read_page(
                self.client,
                f"{post_id}/comments",
                self.state.comments,
                self.subject,
                fields=COMMENT_FIELDS,
                filter="stream",
                order="chronological",
            )
        except Missing:
            self._look.make_sure_gone([post_id])
            return None

    def _is_recent(self, post: IncomingPost) -> bool:
        return post.posted_at >= self.moment - self.reread

    def _worth_reading(self, raw: Any, post: IncomingPost) -> bool:
        if not may_be_asked(post.native_id):
            return False
        if comment_count(raw) == 0 and not self.state.known.get(post.native_id):
            return False
        if self.state.previous is None or self._is_recent(post):
            return True
        touched = touched_at(raw)
        return touched is None or touched >= self.state.previous - _MARGIN

    def _old_enough(self, standing: list[tuple[Any, IncomingPost]]) -> bool:
        """Whether the feed need not be read further down."""
        if self.state.previous is None or not standing:
            return False
        edge = min(self.moment - self.watch, self.state.previous - _MARGIN)
        return all((touched_at(raw) or self.moment) < edge for raw, _ in standing)

    @property
    def _look(self) -> Look:
        return Look(self.client, self.page_id, self.subject)

    def _end(self) -> Batch:
        """What the pass before saw and this one misses, looked up; the cursor of a new pass."""
        seen, known = self.state.seen, self.state.known
        looked = missed(seen, known, self._look.look_up)
        cursor = cursors.finished(self.state, still_watched(seen, known, looked))
        return Batch((), cursor, gone_of(looked), tuple(self._notes))
