package io.lvs4j.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.lab.kernel.TableDiary.Page;
import io.lvs4j.lab.kernel.TableDiary.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoKernelsTest {
  private static final String FIRST = "01 all alive";
  private static final String SECOND = "02 without real1";

  @TempDir private Path directory = Path.of("");

  private void write(Writer writer, String kernel, String... tables) {
    var diary = TableDiary.of(directory, writer);
    diary.write("all alive", new Page(kernel, Map.of("saved", tables[0])));
    for (int i = 1; i < tables.length; i++) {
      diary.write("without real" + i, new Page(kernel, Map.of("saved", tables[i])));
    }
  }

  private TwoKernels read() {
    return new TwoKernels(
        TableDiary.of(directory, Writer.KEEPALIVED).read(),
        TableDiary.of(directory, Writer.LVS4J).read());
  }

  @Test
  void theSameTablesInTwoKernelsAreTheSame() {
    write(Writer.KEEPALIVED, "boot 1", "a", "b");
    write(Writer.LVS4J, "boot 2", "a", "b");
    var both = read();
    both.bothAreThere();
    both.theSame(FIRST, "");
    both.theSame(SECOND, FIRST);
    assertThat(both.tests()).hasSize(3);
  }

  @Test
  void aTableThatDiffersIsToldWithItsKernel() {
    write(Writer.KEEPALIVED, "boot 1", "a -w 1");
    write(Writer.LVS4J, "boot 2", "a -w 2");
    assertThatThrownBy(() -> read().theSame(FIRST, ""))
        .hasMessageContaining("01 all alive, saved")
        .hasMessageContaining("lvs4j's kernel (boot boot 2), as in keepalived's (boot boot 1)")
        .hasMessageContaining("a -w 1")
        .hasMessageContaining("a -w 2");
  }

  @Test
  void anEmptyTableIsNotTheSameAsAnotherEmptyOne() {
    write(Writer.KEEPALIVED, "boot 1", "");
    write(Writer.LVS4J, "boot 2", "\n");
    assertThatThrownBy(() -> read().theSame(FIRST, "")).hasMessageContaining("keepalived's kernel");
  }

  @Test
  void aKernelThatWroteNothingIsNamed() {
    write(Writer.KEEPALIVED, "boot 1", "a");
    assertThatThrownBy(() -> read().bothAreThere())
        .hasMessageContaining("the kernel in which lvs4j wrote down tables");
    assertThatThrownBy(() -> read().theSame(FIRST, ""))
        .hasMessageContaining("the hours that lvs4j's kernel wrote down");
  }

  @Test
  void anHourThatOneOfThemDidNotReachIsMissed() {
    write(Writer.KEEPALIVED, "boot 1", "a");
    write(Writer.LVS4J, "boot 2", "a", "b");
    assertThatThrownBy(() -> read().bothAreThere()).hasMessageContaining(SECOND);
    assertThatThrownBy(() -> read().theSame(SECOND, FIRST))
        .hasMessageContaining("the hours that keepalived's kernel wrote down");
  }

  @Test
  void oneKernelIsNotTwo() {
    write(Writer.KEEPALIVED, "boot 1", "a");
    write(Writer.LVS4J, "boot 1", "a");
    assertThatThrownBy(() -> read().bothAreThere()).hasMessageContaining("the kernels that wrote");
  }

  @Test
  void tablesThatFollowNobodyAreNotProof() {
    write(Writer.KEEPALIVED, "boot 1", "a", "a");
    write(Writer.LVS4J, "boot 2", "a", "a");
    assertThatThrownBy(() -> read().theSame(SECOND, FIRST))
        .hasMessageContaining("the table of keepalived's kernel, other than at 01 all alive");
  }
}
