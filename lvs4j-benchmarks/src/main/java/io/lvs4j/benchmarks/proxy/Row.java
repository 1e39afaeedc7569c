package io.lvs4j.benchmarks.proxy;

/** A row of the table: one figure that is taken of every contender. */
enum Row {
  KEPT_REQUESTS("requests/s, 64 kept connections", 0, true),
  KEPT_MEDIAN("... p50 of a request, us", 0, false),
  KEPT_P99("... p99 of a request, us", 0, false),
  KEPT_CPU("... CPU of the proxy, us a request", 1, false),
  NEW_CONNECTIONS("new connections/s, one request each, 64 at a time", 0, true),
  NEW_MEDIAN("... p50 of a request, us", 0, false),
  NEW_P99("... p99 of a request, us", 0, false),
  NEW_CPU("... CPU of the proxy, us a connection", 1, false),
  ADDED_KEPT_MEDIAN("added p50, a single kept connection, us", 0, false),
  ADDED_KEPT_P99("... added p99, us", 0, false),
  ADDED_NEW_MEDIAN("added p50, one new connection at a time, us", 0, false),
  ADDED_NEW_P99("... added p99, us", 0, false),
  BULK_UP("bulk to the server, 4 streams, Gbit/s", 1, true),
  BULK_UP_CPU("... CPU of the proxy, s/GB", 3, false),
  BULK_DOWN("bulk to the client, 4 streams, Gbit/s", 1, true),
  BULK_DOWN_CPU("... CPU of the proxy, s/GB", 3, false),
  IDLE_RESIDENT("growth of resident memory an idle connection, KiB", 2, false),
  IDLE_HEAP("... growth of the Java heap after collection, KiB", 2, false),
  IDLE_TOTAL("... resident memory of the proxy with all of them, MiB", 1, false),
  FAILURES("failed requests in all", 0, false);

  private final String label;
  private final int decimals;
  private final boolean moreIsBetter;

  Row(String label, int decimals, boolean moreIsBetter) {
    this.label = label;
    this.decimals = decimals;
    this.moreIsBetter = moreIsBetter;
  }

  /** Returns what the figure is, with its unit. */
  String label() {
    return label;
  }

  /** Returns how many decimals of the figure mean something. */
  int decimals() {
    return decimals;
  }

  /** Says whether the figures of a row are to be added up. */
  boolean isTotal() {
    return this == FAILURES;
  }

  /** Says which way is good. */
  boolean isMoreBetter() {
    return moreIsBetter;
  }
}
