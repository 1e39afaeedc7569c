package io.lvs4j.ipvs.client;

import java.util.Locale;

/** The side of connection synchronisation that a daemon is on. */
public enum SyncRole {
  /** Tells of its connections. */
  MASTER(1),
  /** Hears of the master's connections. */
  BACKUP(2);

  private final int number;

  SyncRole(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** Returns {@code master} or {@code backup}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
