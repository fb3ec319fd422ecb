"""One change to a sample packet moves its statuses as the rules say."""

import pytest

from tests.mutate_samples import MUTATIONS, Mutation, failures


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.packet}: {m.name}")
def test_a_change_moves_the_status_as_the_rules_say(mutation: Mutation) -> None:
    assert list(failures(mutation)) == []
