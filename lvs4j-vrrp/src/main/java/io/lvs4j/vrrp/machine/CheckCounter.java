package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Tracker;

/**
 * Counts the answers to a tracker's question: good after {@code rise} good ones in a row, bad after
 * {@code fall} bad ones. The very first answer decides at once, unless the tracker is taken as
 * failed at first.
 *
 * @param count 0 to rise + fall - 1; good from rise on
 * @param rise how many good answers make it good
 * @param fall how many bad answers make it bad
 * @param known whether there was an answer, or none is needed
 */
public record CheckCounter(int count, int rise, int fall, boolean known) {
  /** Returns the counter of a tracker that was not asked yet. */
  public static CheckCounter of(Tracker tracker) {
    return new CheckCounter(0, tracker.rise(), tracker.fall(), tracker.isFailedAtFirst());
  }

  /** Says whether it is good; an unknown one isn't. */
  public boolean isGood() {
    return known && count >= rise;
  }

  /** Returns the counter after one more answer. */
  public CheckCounter after(boolean good) {
    int best = rise + fall - 1;
    if (!known) {
      return new CheckCounter(good ? best : 0, rise, fall, true);
    }
    int next;
    if (good) {
      next = count + 1 >= rise ? best : count + 1;
    } else {
      next = count - 1 < rise ? 0 : count - 1;
    }
    return new CheckCounter(next, rise, fall, true);
  }
}
