"""When is an attack worth it, and what does quiet tell? Two small models of deterrence.

*The attacker's sum.* The prize is 1. An attack that succeeds on the ground with the chance ``success``, and that the
allies answer with the chance ``answer`` at a ``cost`` (in prizes), is worth ``success - answer * cost``. Denial lowers
``success``; punishment raises ``answer`` or ``cost``. The reduction to a line is ours; that an attacker weighs chances
of success against costs is the common core of the literature (Mazarr 2018; Mueller 2018).

*What quiet tells.* If an attack is meant with the chance ``intent`` and deterrence holds it back with the chance
``holds``, no attack is seen with the chance ``1 - intent (1 - holds)``. Bayes' rule does the rest.
"""

from __future__ import annotations


def worth(success, answer, cost):
    """What an attack is worth to the attacker, in prizes: above zero it pays, below zero it does not.

    success, answer: chances from 0 to 1; cost: of the allies' answer, in prizes. Arguments may be Altair expressions.
    """
    return success - answer * cost


def answer_needed(success, cost):
    """The chance of an answer from which on an attack no longer pays: success / cost. Above 1 no answer is enough.

    Arguments may be Altair expressions; cost is above zero.
    """
    return success / cost


def quiet(intent, holds):
    """The chance that no attack is seen. intent, holds: chances from 0 to 1, or Altair expressions."""
    return 1 - intent * (1 - holds)


def support(intent, holds):
    """How many times as likely quiet is when deterrence holds with the chance ``holds`` as when it never does.

    The likelihood ratio of the evidence "no attack", from 1 (quiet tells nothing) up. intent is below 1.
    """
    return quiet(intent, holds) / quiet(intent, 0)


def deterred(intent, holds):
    """Of all cases in which no attack is seen, the part in which one was meant and held back, from 0 to 1."""
    return intent * holds / quiet(intent, holds)
