package io.lvs4j.ipvs.client;

/**
 * What the kernel says of its IPVS.
 *
 * @param version such as 1.2.1, as a number of three bytes: 0x010201
 * @param connectionTableSize how many buckets the table of connections has
 */
public record IpvsInfo(int version, long connectionTableSize) {
  /** Returns {@code 1.2.1}. */
  public String versionText() {
    return (version >>> 16 & 0xff) + "." + (version >>> 8 & 0xff) + "." + (version & 0xff);
  }
}
