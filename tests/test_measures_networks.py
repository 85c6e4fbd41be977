"""Seats, ties and what is left after a removal, worked by hand on ten formats; the exercise's cases on all of them."""

import pandas as pd
import pytest
from small import rows, use

from ip4.measures import bonds, connections, network_cases, networks, opinion
from ip4.models import graphs

FOUR = ["AUS", "JPN", "KOR", "NZL"]
SEATS = """iso3, organisation, status, join_date, join_year, leave_year
           USA, NATO, member, 1949, 1949,
           FRA, NATO, member, 1949, 1949,
           AUS, NATO_IP4, partner, 2005, 2005,
           JPN, NATO_IP4, partner, 1990, 1990,
           KOR, NATO_IP4, partner, 2005, 2005,
           NZL, NATO_IP4, partner, 2001, 2001,
           AUS, EAS, member, 2005-12-14, 2005,
           JPN, EAS, member, 2005-12-14, 2005,
           KOR, EAS, member, 2005-12-14, 2005,
           NZL, EAS, member, 2005-12-14, 2005,
           CHN, EAS, member, 2005-12-14, 2005,
           USA, EAS, member, 2011, 2011,
           AUS, ARF, member, , ,
           KOR, ARF, member, , ,
           USA, ARF, member, , ,
           AUS, QUAD, member, 2007, 2007,
           JPN, QUAD, member, 2007, 2007,
           USA, QUAD, member, 2007, 2007,
           AUS, PIF, member, 1971, 1971,
           NZL, PIF, member, 1971, 1971,
           FJI, PIF, member, , ,
           AUS, SEATO, former member, 1955, 1955, 1977
           NZL, SEATO, former member, 1955, 1955, 1977
           AUS, RAA_JAPAN, treaty partner, 2023, 2023,
           PHL, RAA_JAPAN, treaty partner, 2025, 2025,
           JPN, US_TREATY_ALLY, treaty ally, 1960, 1960,
           AUS, RCEP, member, 2022, 2022,
           JPN, RCEP, member, 2022, 2022,
           KOR, RCEP, member, 2022, 2022,
           NZL, RCEP, member, 2022, 2022,
           CHN, RCEP, member, 2022, 2022,
           NZL, QUAD, invited, 2024, 2024, """
KINDS = """organisation, domain, is_asean_led, hub_iso3
           NATO, security, false,
           NATO_IP4, security, false,
           EAS, politics, true,
           ARF, security, true,
           QUAD, security, false,
           PIF, politics, false,
           SEATO, security, false,
           RAA_JAPAN, security, false, JPN
           US_TREATY_ALLY, security, false, USA
           RCEP, economy, false, """
ACTS = """organisation, date, convener, act
          EAS, 2005-12-14, ASEAN, leads
          ARF, 1994, ASEAN, leads
          QUAD, 2021-09-24, USA, hosted
          PIF, 1971, NZL, hosted
          PIF, 1972, AUS, proposed
          RCEP, 2020, AUS;JPN, together"""
NAMES = """iso3, name, short_name
           AUS, Australia, Australia
           JPN, Japan, Japan
           KOR, South Korea, South Korea
           NZL, New Zealand, New Zealand
           USA, United States, US
           CHN, China, China
           PHL, Philippines, Philippines
           IDN, Indonesia, Indonesia
           IND, India, India
           GBR, United Kingdom, UK
           FJI, Fiji, Fiji"""
TEXTS = """text_id, title, iso3, counterpart, date, form, promise, status, ended
           pact, Pact, AUS, USA, 1951-09-01, treaty, help against attack, in force,
           pact, Pact, AUS, NZL, 1951-09-01, treaty, help against attack, in force,
           pact, Pact, NZL, AUS, 1951-09-01, treaty, help against attack, in force,
           info, Info, AUS, JPN, 2012-05-17, agreement on one matter, secrets, in force,
           info, Info, JPN, AUS, 2012-05-17, agreement on one matter, secrets, in force,
           spirit, Spirit, JPN, KOR, 2023-08-18, declaration, broad cooperation, in force,
           spirit, Spirit, KOR, JPN, 2023-08-18, declaration, broad cooperation, in force,
           tac, Amity, JPN, ASEAN, 2004-01-01, treaty, peaceful conduct, in force,
           tac, Amity, AUS, ASEAN, 2005-12-01, treaty, peaceful conduct, in force, """
POLLS = """survey_year, population, question, about, answer, pct
           2022, ASEAN10, trust, JPN, trust, 54.2
           2025, ASEAN10, trust, JPN, trust, 66.8
           2025, ASEAN10, influence_political, ASEAN, named, 15.6"""


@pytest.fixture
def small(monkeypatch):
    seats = rows(SEATS).astype({"join_year": "Int64", "leave_year": "Int64"})
    kinds = rows(KINDS)
    frames = {"memberships": seats, "organisations": kinds, "conveners": rows(ACTS), "countries": rows(NAMES)}
    texts = rows(TEXTS, "date").astype({"ended": "Int64"})
    for module in (networks, connections, bonds, opinion):
        use(monkeypatch, module, bonds=texts, opinion_polls=rows(POLLS), **frames)
    for module in (networks, connections):
        monkeypatch.setattr(module, "members", lambda group: FOUR)
    monkeypatch.setattr(bonds.groups, "members", lambda group: FOUR)


def test_seats_of_a_year_leave_out_the_invited_and_those_who_left(small):
    quad = networks.seats(2024).query("organisation == 'QUAD'")
    assert quad.iso3.tolist() == ["AUS", "JPN", "USA"] and quad["size"].tolist() == [3, 3, 3]
    assert "SEATO" not in set(networks.seats(2024).organisation)
    assert set(networks.seats(1960).query("organisation == 'SEATO'").iso3) == {"AUS", "NZL"}
    assert set(networks.seats(1995).query("organisation == 'ARF'").iso3) == {"AUS", "KOR", "USA"}, "from 1994"
    assert "FJI" not in set(networks.seats(2025).iso3) and "FJI" in set(networks.seats(2026).iso3)


def test_a_treaty_of_two_is_a_format_and_allies_sit_at_natos_table(small):
    assert networks.tables_of("AUS", "JPN", removal="United States") == ["RAA_JAPAN:AUS"]
    assert networks.tables_of("JPN", "USA", year=1965) == ["US_TREATY_ALLY:JPN"]
    assert "NATO_IP4" in networks.tables_of("KOR", "USA")
    assert networks.name_of("RAA_JAPAN:AUS") == "Japan-Australia access"


def test_ties_and_what_each_removal_costs(small):
    """Australia and Japan: NATO's table, the East Asia Summit, the Quad, the access agreement."""
    assert networks.shared("AUS", "JPN") == 4 and networks.shared("AUS", "KOR") == 3
    assert networks.lost("NATO").tolist() == [1] * 6
    assert networks.pairs("United States").to_dict() == {
        ("AUS", "JPN"): 1, ("AUS", "KOR"): 0, ("AUS", "NZL"): 1,
        ("JPN", "KOR"): 0, ("JPN", "NZL"): 0, ("KOR", "NZL"): 0,
    }  # fmt: skip
    assert networks.cut_off("United States") == 4 and networks.cut_off(networks.KEPT) == 0
    assert networks.cut_off("United States", 2010) == 0, "the East Asia Summit had no American seat yet"
    assert networks.lost("what Washington called").tolist() == [1, 0, 0, 0, 0, 0], "the Quad"
    assert networks.lost("QUAD").sum() == 1 and networks.lost("China").max() == 1


def test_formats_of_all_four(small):
    assert networks.of_all_four() == ["EAS", "NATO_IP4"]
    assert networks.of_all_four("United States", counted="trade as well") == ["RCEP"]
    assert networks.with_china(["EAS", "NATO_IP4", "RCEP"]) == 2
    assert networks.tying(removal="ASEAN") == ["NATO_IP4", "PIF", "QUAD", "RAA_JAPAN:AUS"]


def test_whose_table_and_who_called(small):
    kinds = {code: networks.kind_of(code) for code in ("NATO_IP4", "EAS", "QUAD", "PIF")}
    assert list(kinds.values()) == networks.KINDS
    callers = [networks.caller_of(code) for code in ("QUAD", "PIF", "EAS", "RCEP", "NATO_IP4")]
    assert callers == ["United States", "one of the four", "ASEAN", "all together", "no text read"]


def test_degree_and_betweenness_in_small_groups(small):
    """Small: NATO's table with six seats ties all it holds, so only Fiji and the Philippines need somebody between."""
    assert networks.degrees()["AUS"] == 6
    net = networks.small_network()
    assert net["FJI"] == {"AUS", "NZL"} and net["PHL"] == {"JPN"}
    assert networks.brokers().to_dict() == pytest.approx(graphs.betweenness(net).to_dict())
    assert networks.brokers()["JPN"] == 6 and networks.brokers()["AUS"] == 2.5 == networks.brokers()["NZL"]
    assert networks.brokers(removal="NATO")["NZL"] == 0 and networks.brokers(ours=False).equals(networks.brokers())


def test_rows_and_captions_of_the_figures(small):
    seats = connections.seats()
    assert seats.format.iloc[0] == "NATO and the four" and set(seats.whose) == set(networks.KINDS)
    said = connections.seats_captions(seats).set_index("year").caption
    assert said[2010] == "2010: 5 formats tie two of the four, 2 of them without Washington"
    ties = connections.ties().set_index(["counted", "removed", "one", "other"])
    tie = ties.loc["security and politics", "United States", "Australia", "Japan"]
    assert tie.formats == "Japan-Australia access" and (tie.at_x, tie.at_y) == (0, 0.5)
    captions = connections.ties_captions().set_index(["counted", "removed"]).caption
    assert captions["security and politics", "NATO"].startswith(
        "Taken out, NATO: 1 to 3 formats shared by a pair, 1 by"
    )
    assert connections.nodes().state.tolist() == ["Australia", "Japan", "South Korea", "New Zealand"]
    called = connections.called().set_index(["since", "by"]).formats
    assert called["all of them", "United States"] == 1 and called["begun in 2021 or later", "no text read"] == 1
    assert "1 by Washington" in connections.called_captions(connections.called()).caption[0]


def test_weights_say_what_was_signed_with_and_without_washington(small):
    cells = connections.weights().set_index(["pair", "what"]).bond
    assert cells["Australia, New Zealand", "with Washington"] == "help"
    assert cells["Australia, Japan", "without Washington"] == "single"
    assert connections.bound("without Washington") == 1 and connections.bound("without Washington", 2000) == 0
    assert connections.bound("with Washington") == 1
    assert len(connections.weights_over_time((2000, 2026))) == 24
    said = connections.weights_captions(connections.weights_over_time((2000, 2026))).caption
    assert said[1] == "End of 2026: 1 of six pairs bound in law without Washington, 1 with it"


def test_brokers_by_year_with_their_captions(small):
    found = connections.brokers()
    now = found.query("year == 2026 and measure == 'seats'").set_index("state").value
    assert now["Australia"] == 6 and now["Indonesia"] == 0
    said = connections.brokers_captions(found).set_index(["year", "measure"]).caption
    assert said[2026, "betweenness"] == "2026, betweenness: Japan leads with 6"


def test_trust_and_the_treaty(small):
    found = connections.trust().set_index(["about", "year"]).trust
    assert found["Japan", 2025] == 66.8 and pd.isna(found["Japan", 2023])
    assert connections.trust_of("JPN", 2022) == 54.2 and connections.influence("ASEAN", 2025) == 15.6
    assert connections.trust_title().startswith("Trust in Japan was 54 per cent in 2022 and 67 in 2025")
    assert connections.joined_amity() == "Japan in 2004, Australia in 2005"


def test_the_lab_counts_pairs_cut_off_and_formats_with_all_four(small):
    from ip4.explorers import connections as lab

    pairs, sits = lab.draw("United States", 2026)
    assert pairs.words["title"] == "End of 2026, taken out: United States. Pairs that share no format: 4 of 6"
    assert sits.words["title"].endswith("Formats with all four: 0")
    assert lab.draw("Quad", 2010)[0].words["title"].endswith("0 of 6")
    tables = networks.book()
    assert connections.left_by_pair(tables, "NATO", 2026).query("what == 'lost'").formats.tolist() == [1] * 6
    left = connections.left_seats(tables, "ASEAN", 2026)
    assert set(left.format) == {
        "NATO and the four",
        "Pacific Islands Forum",
        "Quad",
        "Japan-Australia access",
    }
    assert connections.nodes_to_remove()["Quad"] == "QUAD"


def test_the_lab_redraws_when_the_year_changes(small):
    from ip4.explorers.connections import explore

    controls, output = explore().children
    before = str(output.outputs)
    controls.children[1].value = 2006
    assert str(output.outputs) != before


def test_the_cases_of_the_exercise_agree_with_their_files():
    """One case again, from the files a student gets: seats, ties, removal; on the course's tables."""
    case = network_cases.cases()[0]
    seats, panel = network_cases.seat_file(), network_cases.panel_file()
    states = panel.state[panel.panel == case["panel"]]
    now = seats[(seats.since <= case["year"]) & (seats.until.isna() | (seats.until > case["year"]))]
    sits = {state: set(now.format[now.state == state]) for state in states}
    shown = network_cases.states_shown().query("panel == @case['panel']").set_index("state")
    assert shown.seats.to_dict() == {state: len(formats) for state, formats in sits.items()}
    pairs = network_cases.pairs_shown().query("panel == @case['panel']").set_index("pair")
    both = " and ".join(sorted([case["member"], case["other"]]))
    assert pairs.shared[both] == len(sits[case["member"]] & sits[case["other"]])
    assert pairs.left[both] == len((sits[case["member"]] & sits[case["other"]]) - sits[case["taken"]])
    led = set(network_cases.format_file().query("led_by_asean").format)
    assert pairs.left_kept[both] == len((sits[case["member"]] & sits[case["other"]]) - (sits[case["taken"]] - led))


def test_each_case_cuts_a_pair_off_and_has_one_broker():
    seats = network_cases.Seats()
    for panel in network_cases.panels(seats):
        between = seats.between(panel)
        assert between.iloc[0] > between.iloc[1] and network_cases.cut(panel, seats, kept=False) > 0
        assert network_cases.cut(panel, seats, kept=True) <= network_cases.cut(panel, seats, kept=False)
