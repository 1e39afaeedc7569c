package io.lvs4j.core.scheduler;

/** Arithmetic on weights. */
final class Weights {
  private Weights() {}

  /** Returns the greatest common divisor; that of a number and 0 is the number. */
  static int greatestCommonDivisor(int first, int second) {
    int a = first;
    int b = second;
    while (b != 0 && a != 1) {
      int rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
}
