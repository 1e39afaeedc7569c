package io.lvs4j.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.lvs4j.lab.kernel.TableDiary.Page;
import io.lvs4j.lab.kernel.TableDiary.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;

/**
 * The comparison of two kernels that were given the same keepalived.conf, one through keepalived
 * and one through lvs4j: at each hour both have the same table, and another one than an hour ago.
 */
final class TwoKernels {
  private final Map<String, Page> keepalived;
  private final Map<String, Page> lvs4j;

  TwoKernels(Map<String, Page> keepalived, Map<String, Page> lvs4j) {
    this.keepalived = keepalived;
    this.lvs4j = lvs4j;
  }

  /** Returns a test for each hour that either of them has written down. */
  List<DynamicTest> tests() {
    var hours = new TreeSet<>(keepalived.keySet());
    hours.addAll(lvs4j.keySet());
    var tests = new ArrayList<DynamicTest>();
    tests.add(dynamicTest("TwoKernels: two diaries, of two kernels", this::bothAreThere));
    var before = "";
    for (var hour : hours) {
      var last = before;
      tests.add(dynamicTest("TwoKernels: " + hour, () -> theSame(hour, last)));
      before = hour;
    }
    return tests;
  }

  void bothAreThere() {
    assertThat(kernels(Writer.KEEPALIVED, keepalived))
        .as("the kernels that wrote")
        .doesNotContainAnyElementsOf(kernels(Writer.LVS4J, lvs4j));
    assertThat(lvs4j.keySet())
        .as("the hours that lvs4j's kernel wrote down, as keepalived's did")
        .isEqualTo(keepalived.keySet());
  }

  private static List<String> kernels(Writer writer, Map<String, Page> diary) {
    var kernels = diary.values().stream().map(Page::kernel).distinct().toList();
    assertThat(kernels)
        .as("the kernel in which %s wrote down tables", writer)
        .hasSize(1)
        .doesNotContain("");
    return kernels;
  }

  /**
   * Compares an hour.
   *
   * @param before the hour before; empty for the first
   */
  void theSame(String hour, String before) {
    var theirs = page(Writer.KEEPALIVED, keepalived, hour);
    var ours = page(Writer.LVS4J, lvs4j, hour);
    assertThat(ours.texts().keySet())
        .as("%s: what lvs4j's kernel wrote down, as keepalived's did", hour)
        .isEqualTo(theirs.texts().keySet());
    theirs
        .texts()
        .forEach((what, text) ->
            assertThat(ours.texts().get(what))
                .as(
                    "%s, %s: in lvs4j's kernel (boot %s), as in keepalived's (boot %s)",
                    hour, what, ours.kernel(), theirs.kernel())
                .isEqualTo(text));
    if (!before.isEmpty()) {
      another(Writer.KEEPALIVED, keepalived, hour, before);
      another(Writer.LVS4J, lvs4j, hour, before);
    }
  }

  private static Page page(Writer writer, Map<String, Page> diary, String hour) {
    assertThat(diary).as("the hours that %s's kernel wrote down", writer).containsKey(hour);
    var page = diary.get(hour);
    assertThat(page.texts()).as("%s: what %s's kernel wrote down", hour, writer).isNotEmpty();
    page.texts()
        .forEach((what, text) ->
            assertThat(text).as("%s, %s: in %s's kernel", hour, what, writer).isNotBlank());
    return page;
  }

  private static void another(Writer writer, Map<String, Page> diary, String hour, String before) {
    assertThat(page(writer, diary, hour).texts())
        .as("%s: the table of %s's kernel, other than at %s", hour, writer, before)
        .isNotEqualTo(page(writer, diary, before).texts());
  }
}
