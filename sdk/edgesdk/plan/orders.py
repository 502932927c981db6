# SPDX-License-Identifier: Apache-2.0
"""Which of two items lies below the other, for all pairs that may not share bytes: a search that learns from conflicts.

For a pair, the distances that are forbidden are runs, and on which side of a run the pair lies is a choice of two, each
of them one inequality between two addresses. Choices drive the least and the greatest address of every item; where
those two cross, the choices along the way there contradict each other, and the search learns that as a clause (as SAT
solvers do: M. W. Moskewicz et al., Chaff, 2001; the inequalities as in O. Ohrimenko et al., Propagation via lazy clause
generation, 2009).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgesdk.plan.effort import Effort

Run = tuple[int, int, int, int]
"""(i, j, below, above): the address of j less that of i is at most `below` or at least `above`."""

SPELL = 40  # conflicts before the choices are made anew, times the Luby sequence
FADE = 1.05  # how much more a conflict counts than the one before it


class Orders:
    """Literal 2r says that run r lies below its pair's distance, 2r + 1 that it lies above.

    A bound that has moved is an event: the literal that moved it, and the event of the bound from which it did.
    """

    def __init__(self, words: Sequence[int], runs: Sequence[Run], effort: Effort) -> None:
        """
        Args:
            words: by item.
        """
        self.words = words
        self.effort = effort
        count = len(words)
        self.tail: list[int] = []  # of a literal: head >= tail + gain
        self.head: list[int] = []
        self.gain: list[int] = []
        self.of: list[list[int]] = [[] for _ in words]  # even literals, by item
        for r, (i, j, below, above) in enumerate(runs):
            self.tail += [i, j]
            self.head += [j, i]
            self.gain += [above, -below]
            self.of[i].append(2 * r)
            self.of[j].append(2 * r)
        self.true = [False] * (2 * len(runs))
        self.level = [0] * len(runs)
        self.reason: list[tuple[int, int] | list[int] | None] = [None] * len(runs)
        self.saved = [-1] * len(runs)  # the literal that was true last
        self.weight = [0.0] * len(runs)
        self.step = 1.0
        self.watched: list[list[list[int]]] = [[] for _ in self.true]  # by literal: clauses that watch it
        self.trail: list[int] = []
        self.marks: list[tuple[int, int]] = []  # by level: lengths of the trail and of the events
        self.seen = 0  # literals of the trail that have been propagated
        self.low, self.high = [0] * count, [1 << 40] * count
        self.low_event, self.high_event = [-1] * count, [-1] * count
        self.events: list[tuple[int, int, int, int, int, bool]] = []  # literal, from, item, its bound and event before
        self.moved: dict[int, None] = dict.fromkeys(range(count))

    def fit(self, words: int) -> list[int] | None:
        """An address in words for every item, the arena `words` large, None where there are none. What has been learnt
        stays, so `words` must fall from call to call.

        Raises:
            OutOfEffort: the search ended before it knew.
        """
        self._back(0)
        for i, size in enumerate(self.words):
            self.high[i] = min(self.high[i], words - size)
            if self.high[i] < self.low[i]:
                return None
            self.moved[i] = None
        spells = 0
        left = SPELL
        while True:
            conflict = self._propagate()
            if conflict is not None:
                level = max((self.level[c >> 1] for c in conflict), default=0)
                if level == 0:
                    return None
                self._back(level)
                self._learn(conflict)
                left -= 1
                continue
            if left <= 0 and self.marks:
                spells += 1
                left = SPELL * _luby(spells)
                self._back(0)
                continue
            choice = self._choice()
            if choice < 0:
                return list(self.low)
            self.marks.append((len(self.trail), len(self.events)))
            self._assign(choice, None)

    def _choice(self) -> int:
        """The literal to try next: of forbidden least addresses, the pair most in conflicts; or -1."""
        low, true = self.low, self.true
        self.effort.spend(len(self.weight))
        best, at = -1.0, -1
        for r, weight in enumerate(self.weight):
            if weight > best:
                lit = 2 * r
                distance = low[self.head[lit]] - low[self.tail[lit]]
                if -self.gain[lit + 1] < distance < self.gain[lit] and not true[lit] and not true[lit + 1]:
                    best, at = weight, lit
        if at < 0:
            return -1
        return self.saved[at >> 1] if self.saved[at >> 1] >= 0 else max((at, at + 1), key=self._slack)

    def _slack(self, lit: int) -> int:
        return self.high[self.head[lit]] - self.low[self.tail[lit]] - self.gain[lit]

    def _assign(self, lit: int, reason: tuple[int, int] | list[int] | None) -> None:
        self.true[lit] = True
        self.level[lit >> 1] = len(self.marks)
        self.reason[lit >> 1] = reason
        self.trail.append(lit)

    def _propagate(self) -> list[int] | None:
        """Literals that contradict each other, once there are."""
        true, low, high, tail, head, gain = self.true, self.low, self.high, self.tail, self.head, self.gain
        while True:
            while self.seen < len(self.trail):
                lit = self.trail[self.seen]
                self.seen += 1
                conflict = self._clauses(lit ^ 1)
                if conflict is None:
                    conflict = self._move(lit)
                if conflict is not None:
                    return conflict
            if not self.moved:
                return None
            i, _ = self.moved.popitem()
            self.effort.spend(len(self.of[i]))
            for even in self.of[i]:
                for lit in (even, even + 1):
                    if true[lit]:
                        conflict = self._move(lit)
                        if conflict is not None:
                            return conflict
                    elif low[tail[lit]] + gain[lit] > high[head[lit]] and not true[lit ^ 1]:
                        self._assign(lit ^ 1, (self.low_event[tail[lit]], self.high_event[head[lit]]))

    def _move(self, lit: int) -> list[int] | None:
        """Moves the bounds of a true literal's items."""
        t, h, gain = self.tail[lit], self.head[lit], self.gain[lit]
        if self.low[t] + gain > self.low[h]:
            self.events.append((lit, self.low_event[t], h, self.low[h], self.low_event[h], True))
            self.low[h] = self.low[t] + gain
            self.low_event[h] = len(self.events) - 1
            self.moved[h] = None
        if self.high[h] - gain < self.high[t]:
            self.events.append((lit, self.high_event[h], t, self.high[t], self.high_event[t], False))
            self.high[t] = self.high[h] - gain
            self.high_event[t] = len(self.events) - 1
            self.moved[t] = None
        for i in (t, h):
            if self.low[i] > self.high[i]:
                return [*self._path(self.low_event[i]), *self._path(self.high_event[i])]
        return None

    def _clauses(self, false: int) -> list[int] | None:
        """What the clauses that watch a literal now false imply."""
        true = self.true
        kept: list[list[int]] = []
        watching = self.watched[false]
        self.watched[false] = kept
        self.effort.spend(len(watching))
        for k, clause in enumerate(watching):
            if clause[0] == false:
                clause[0], clause[1] = clause[1], false
            if true[clause[0]]:
                kept.append(clause)
                continue
            for n in range(2, len(clause)):
                if not true[clause[n] ^ 1]:
                    clause[1], clause[n] = clause[n], false
                    self.watched[clause[1]].append(clause)
                    break
            else:
                kept.append(clause)
                if true[clause[0] ^ 1]:
                    kept += watching[k + 1 :]
                    return [c ^ 1 for c in clause]
                self._assign(clause[0], clause)
        return None

    def _path(self, event: int) -> Iterator[int]:
        """The literals that brought a bound to where the event left it."""
        while event >= 0:
            lit, event = self.events[event][:2]
            yield lit

    def _because(self, lit: int) -> Iterator[int]:
        """The true literals that imply this one."""
        reason = self.reason[lit >> 1]
        if isinstance(reason, tuple):
            for event in reason:
                yield from self._path(event)
        elif reason is not None:
            yield from (c ^ 1 for c in reason if c != lit)

    def _learn(self, conflict: Sequence[int]) -> None:
        """Learns the clause of the first literal of this level through which all of the conflict came, and goes back to
        where it would have implied that literal's opposite."""
        now = len(self.marks)
        met: set[int] = set()
        clause: list[int] = []
        ahead = 0  # literals of this level still to be replaced by what implies them
        at = len(self.trail)
        why: Iterator[int] | Sequence[int] = conflict
        while True:
            for lit in why:
                if lit not in met and self.level[lit >> 1] > 0:
                    met.add(lit)
                    self.weight[lit >> 1] += self.step
                    if self.level[lit >> 1] == now:
                        ahead += 1
                    else:
                        clause.append(lit ^ 1)
            at -= 1
            while self.trail[at] not in met:
                at -= 1
            ahead -= 1
            if ahead == 0:
                break
            why = self._because(self.trail[at])
        self.step *= FADE
        clause.sort(key=lambda c: -self.level[c >> 1])
        clause.insert(0, self.trail[at] ^ 1)
        self.effort.spend(len(clause))
        self._back(self.level[clause[1] >> 1] if len(clause) > 1 else 0)
        if len(clause) > 1:
            self.watched[clause[0]].append(clause)
            self.watched[clause[1]].append(clause)
        self._assign(clause[0], clause)

    def _back(self, level: int) -> None:
        if len(self.marks) <= level:
            return
        trail, events = self.marks[level]
        del self.marks[level:]
        for lit in self.trail[trail:]:
            self.true[lit] = False
            self.saved[lit >> 1] = lit
        for _, _, i, bound, event, low in reversed(self.events[events:]):
            if low:
                self.low[i], self.low_event[i] = bound, event
            else:
                self.high[i], self.high_event[i] = bound, event
        del self.trail[trail:], self.events[events:]
        self.seen = len(self.trail)
        self.moved.clear()


def _luby(k: int) -> int:
    """1, 1, 2, 1, 1, 2, 4, ..."""
    while (k + 1) & k:
        k -= (1 << (k.bit_length() - 1)) - 1
    return (k + 1) >> 1
