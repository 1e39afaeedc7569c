package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
  /** Taken from the kernel. */
  @ParameterizedTest
  @CsvSource({
    "0x00000000, 2654435761, 0x1d5a77c2",
    "0x0a010101, 2654435761, 0x88e29f54",
    "0x0a010101, 2654446892, 0xb5ca51ff",
  })
  void hashesAsTheKernelDoes(String word, long key, String hash) {
    assertThat(SipHash.hash(Integer.decode(word), key)).isEqualTo(Long.decode(hash).intValue());
  }
}
