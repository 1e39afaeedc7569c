package io.lvs4j.keepalived.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.keepalived.keyword.KeywordTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that people mistype, and what they meant. */
class SuggestionsTest {
  @ParameterizedTest
  @CsvSource({
    "virtual_route_id, virtual_router_id",
    "virtual_ipadress, virtual_ipaddress",
    "advert_interval, advert_int",
    "priorty, priority",
    "prioirty, priority",
    "State, state",
    "no_preempt, nopreempt",
    "notify_masters, notify_master"
  })
  void inAnInstance(String typed, String meant) {
    assertThat(KeywordTable.suggestion(KeywordTable.VRRP_INSTANCE, typed)).contains(meant);
  }

  @Test
  void aWordOfAnotherBlockIsSentThere() {
    assertThat(KeywordTable.suggestion(KeywordTable.GLOBAL_DEFS, "delay_loop"))
        .contains("delay_loop in virtual_server");
    assertThat(KeywordTable.suggestion(KeywordTable.GLOBAL_DEFS, "net_namespace"))
        .contains("net_namespace in no block");
    assertThat(KeywordTable.suggestion(KeywordTable.REAL_SERVER, "virtual_server"))
        .contains("'}' before it");
  }

  @Test
  void whatIsFarFromEverythingGetsNoSuggestion() {
    assertThat(KeywordTable.suggestion(KeywordTable.VRRP_INSTANCE, "xyzzy")).isEmpty();
    assertThat(Suggestions.nearest("a".repeat(100_000), List.of("b"))).isEmpty();
    assertThat(Suggestions.nearest("ab", List.of("abcd", "cd"))).isEmpty();
  }

  @Test
  void aPairTheWrongWayRoundIsOneMistake() {
    assertThat(Suggestions.distance("ab", "ba", 9)).isEqualTo(1);
    assertThat(Suggestions.distance("weight", "wieght", 9)).isEqualTo(1);
    assertThat(Suggestions.distance("kitten", "sitting", 9)).isEqualTo(3);
    assertThat(Suggestions.distance("kitten", "sitting", 2)).isEqualTo(2);
  }
}
