package io.lvs4j.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.SocketConstants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's stamp of arrival, brought from the time of day to the other clock. */
class ArrivalTest {
  private static final long NANOS = 7_000_000_000L;

  @ParameterizedTest(name = "stamp {0}, read at {1}: {2} ns before")
  @CsvSource({
    "2026-01-01T00:00:00.000100Z, 2026-01-01T00:00:00.000350Z, 250000",
    "2026-01-01T00:00:00.999900Z, 2026-01-01T00:00:01.000100Z, 200000",
    "2026-01-01T00:00:00Z, 2026-01-01T00:00:05Z, 5000000000",
    "2026-01-01T00:00:01Z, 2026-01-01T00:00:01Z, 0"
  })
  void isAsLongAgoOnBothClocks(Instant stamp, Instant timeOfDay, long before) {
    assertThat(Arrival.nanos(stamped(stamp.getEpochSecond(), stamp.getNano()), timeOfDay, NANOS))
        .hasValue(NANOS - before);
  }

  @ParameterizedTest(name = "stamp {0}, read at {1}")
  @CsvSource({
    "2026-01-01T00:00:00.000000001Z, 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:01Z, 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z, 2026-01-01T01:00:01Z"
  })
  void isNotKnownWhenTheTimeOfDayHasBeenSet(Instant stamp, Instant timeOfDay) {
    assertThat(Arrival.nanos(stamped(stamp.getEpochSecond(), stamp.getNano()), timeOfDay, NANOS))
        .isEmpty();
  }

  @Test
  void isNotKnownWithoutAStampOrWithNonsense() {
    var now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(Arrival.nanos(new Reception(1, 128), now, NANOS)).isEqualTo(OptionalLong.empty());
    assertThat(Arrival.nanos(stamped(Long.MIN_VALUE, 0), now, NANOS)).isEmpty();
    assertThat(Arrival.nanos(stamped(Long.MAX_VALUE, 0), now, NANOS)).isEmpty();
  }

  private static Reception stamped(long seconds, long nanos) {
    var reception = new Reception(1, 128);
    ByteBuffer.wrap(reception.control())
        .order(ByteOrder.nativeOrder())
        .putLong(Layouts.CMSGHDR + Layouts.TIMESPEC)
        .putInt(SocketConstants.SOL_SOCKET)
        .putInt(SocketConstants.SO_TIMESTAMPNS)
        .putLong(seconds)
        .putLong(nanos);
    reception.filled(1, Layouts.CMSGHDR + Layouts.TIMESPEC, 0, 0);
    return reception;
  }
}
