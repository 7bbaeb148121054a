"""What is decided by chance in a society: a number each, once and for all, so that no draw moves another."""

LOOKS = 600
"""Whether one reads one's own file this month."""
RECOGNISES = 601
DISPUTES = 602
IS_CORRECTED = 603
GOES_ON = 604
FINDS_OUT = 605
"""Whether somebody listed without notice learns of it."""

TIE_ENDS = 610
ASKS = 611
"""Whom one asks to be a friend: where one looks, and who it is."""
CHOOSES = 612
ACCEPTS = 613
REPLACES = 614
SHOWS_SCORE = 615
"""Whether a friend's score is known."""

SLOPE = 620
"""How strongly one answers to what the next points would bring."""
GIVES_UP = 622
IS_PRONE = 623
FINDS_BACK = 624
JUSTIFIES = 626
"""Whether one holds being watched to be justified; one may criticise all the same."""
HEARS = 628
JUDGES = 630
"""How roughly one weighs a debt against a sanction."""
ATTENDS = 631

IS_WILLING = 640
SEES_THE_BOX = 641
IS_AWARE = 642
JOINS_OR_LEAVES = 643

IS_GAMER = 650
BUYS_FRIEND = 651
IS_DETECTED = 652
