package io.lvs4j.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
  @ParameterizedTest
  @CsvSource({
    "'', OneInKernel, works, true",
    "OneInKernel, OneInKernel, works, true",
    "OneInKernel, OtherInKernel, works, false",
    "One*, OneInKernel, works, true",
    "'Two*, One*', OneInKernel, works, true",
    "OneInKernel#works, OneInKernel, works, true",
    "OneInKernel#works, OneInKernel, fails, false",
    "*#w*s, OneInKernel, works, true",
    "One.nKernel, OneInKernel, works, false",
  })
  void classesAndMethodsArePicked(String words, String className, String method, boolean included) {
    assertThat(new Selection(words).includes(className, method)).isEqualTo(included);
  }
}
