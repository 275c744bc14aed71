"""The stages in which the sentence encoder is taught, in their order, for encoder.py."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One pass over the teaching, for each of its seeds. whole: the part of the posts written whole
    that each round teaches; marked: whether those of the later writers, with their identifiers
    marked, are among them; plain: the part of the latest writers' posts beside them; made: how many
    rows of the generator stand beside them in a round; public: how many of the public sets of
    abuse, 0 for all; benign: the same of pieces of the benign sets. lowest: the part of the rate
    that is left at the end. smooth: what is kept is a running mean of the weights, which
    moves by this part towards them; 0 for the weights themselves. easy: the part
    that is taught of the posts whose answers are known well already. writers: how the files of the
    newest writers begin, an expression; all their posts are taught, each as often as newest says,
    and of a broken number a part once more."""

    name: str
    seeds: tuple[int, ...]
    rounds: int
    batch: int
    rate: float
    whole: float
    marked: bool
    made: int
    public: int
    benign: int
    plain: float = 0
    lowest: float = 0.05
    smooth: float = 0
    easy: float = 1
    writers: str = ""
    newest: float = 1


STAGES = (
    Stage("abuse", (1,), 1, 64, 6e-5, whole=0, marked=False, made=0, public=0, benign=0),
    Stage(
        "written", (2, 3, 4), 4, 48, 5e-5,
        whole=1, marked=False, made=4_000, public=3_500, benign=1_700,
    ),
    Stage(
        "marked", (6,), 2, 48, 4e-5,
        whole=1, marked=True, made=1_500, public=7_000, benign=1_700,
    ),
    Stage(
        "late", (7, 8), 2, 48, 4e-5,
        whole=1, marked=True, made=1_500, public=14_000, benign=1_700,
    ),
    Stage(
        "plain", (9,), 1, 48, 4e-5,
        whole=1, marked=True, made=500, public=8_000, benign=1_700,
    ),
    Stage(
        "quiet", (10,), 1, 48, 3e-5,
        whole=0.3, marked=True, made=0, public=5_000, benign=8_000,
    ),
    Stage(
        "again", (11,), 1, 64, 4e-5,
        whole=1, marked=True, made=500, public=20_000, benign=3_000,
    ),
    *(
        Stage(
            f"fresh {seed}", (seed,), 1, 64, 4e-5,
            whole=0.25, marked=True, made=3_000, public=15_000, benign=1_700, plain=1,
        )
        for seed in (12, 13, 14)
    ),
    Stage(
        "insults", (15, 16), 1, 64, 4e-5,
        whole=0.15, marked=True, made=1_900, public=15_000, benign=1_700, plain=1,
    ),
    Stage(
        "calm", (17,), 1, 64, 4e-5,
        whole=0.1, marked=True, made=1_300, public=14_000, benign=6_000, plain=1,
    ),
    *(
        Stage(
            f"more {seed}", (seed,), 1, 64, 4e-5,
            whole=0.1, marked=True, made=500, public=8_000, benign=4_000, plain=plain,
        )
        for seed, plain in (
            (21, 0.5), (22, 0.5), (23, 0.6), (24, 0.3), (31, 0.35), (32, 0.45), (33, 0.3),
        )
    ),
    *(
        Stage(
            f"everything {seed}", (seed,), 1, 96, rate,
            whole=0.5, marked=True, made=500, public=25_000, benign=4_000, plain=1,
            lowest=lowest, smooth=0.005 if seed < 44 else 0,
        )
        for seed, rate, lowest in (
            (41, 5e-5, 0.8), (42, 4.5e-5, 0.6), (43, 4e-5, 0.6), (44, 2.6e-5, 0.04),
        )
    ),
    *(
        Stage(
            f"hard {seed}", (seed,), 1, 96, rate,
            whole=1, marked=True, made=15_000, public=16_000, benign=4_000, plain=1,
            lowest=lowest, smooth=0.004 if seed == 51 else 0.003, easy=easy,
            writers=r"six(?:k[s-z]|l[a-r])_", newest=2,
        )
        for seed, rate, lowest, easy in (
            (51, 5e-5, 0.7, 0.2), (52, 5e-5, 0.7, 0.2), (53, 7e-5, 0.8, 0.12),
            (54, 6e-5, 0.8, 0.12), (55, 5e-5, 0.8, 0.1), (56, 4e-5, 0.03, 0.25),
        )
    ),
    Stage(
        "sly 61", (61,), 1, 96, 5e-5,
        whole=0.04, marked=True, made=480, public=6_400, benign=1_600, plain=0.09,
        lowest=0.8, writers=r"sixl[s-z]_", newest=2,
    ),
    Stage(
        "sly 62", (62,), 1, 96, 4.5e-5,
        whole=0.07, marked=True, made=920, public=17_600, benign=4_400, plain=0.18,
        lowest=0.03, smooth=0.04, writers=r"six(?:l[s-z]|m[a-h])_", newest=1.75,
    ),
)  # fmt: skip
