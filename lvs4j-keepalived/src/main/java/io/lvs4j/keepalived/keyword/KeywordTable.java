package io.lvs4j.keepalived.keyword;

import io.lvs4j.keepalived.diagnostic.Suggestions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All blocks whose keywords are handled one by one. */
public final class KeywordTable {
  /** Outside of all blocks. */
  public static final BlockKeywords TOP = GlobalKeywords.TOP;

  /** {@code global_defs}. */
  public static final BlockKeywords GLOBAL_DEFS = GlobalKeywords.GLOBAL_DEFS;

  /** {@code vrrp_instance}. */
  public static final BlockKeywords VRRP_INSTANCE = VrrpKeywords.INSTANCE;

  /** {@code authentication} of an instance. */
  public static final BlockKeywords AUTHENTICATION = VrrpKeywords.AUTHENTICATION;

  /** {@code auth_hmac} of an instance. */
  public static final BlockKeywords AUTH_HMAC = VrrpKeywords.AUTH_HMAC;

  /** {@code vrrp_sync_group}. */
  public static final BlockKeywords VRRP_SYNC_GROUP = VrrpKeywords.SYNC_GROUP;

  /** {@code vrrp_script}. */
  public static final BlockKeywords VRRP_SCRIPT = VrrpKeywords.SCRIPT;

  /** {@code track_file}. */
  public static final BlockKeywords TRACK_FILE = VrrpKeywords.TRACK_FILE;

  /** {@code virtual_server}. */
  public static final BlockKeywords VIRTUAL_SERVER = VirtualServerKeywords.VIRTUAL_SERVER;

  /** {@code real_server}. */
  public static final BlockKeywords REAL_SERVER = VirtualServerKeywords.REAL_SERVER;

  /** {@code TCP_CHECK}. */
  public static final BlockKeywords TCP_CHECK = VirtualServerKeywords.TCP_CHECK;

  /** {@code HTTP_GET}. */
  public static final BlockKeywords HTTP_GET = VirtualServerKeywords.HTTP_GET;

  /** {@code url} of a check. */
  public static final BlockKeywords URL = VirtualServerKeywords.URL;

  /** {@code SMTP_CHECK}. */
  public static final BlockKeywords SMTP_CHECK = VirtualServerKeywords.SMTP_CHECK;

  /** {@code host} of an SMTP_CHECK. */
  public static final BlockKeywords SMTP_HOST = VirtualServerKeywords.SMTP_HOST;

  /** {@code DNS_CHECK}. */
  public static final BlockKeywords DNS_CHECK = VirtualServerKeywords.DNS_CHECK;

  /** {@code MISC_CHECK}. */
  public static final BlockKeywords MISC_CHECK = VirtualServerKeywords.MISC_CHECK;

  /** {@code UDP_CHECK}. */
  public static final BlockKeywords UDP_CHECK = VirtualServerKeywords.UDP_CHECK;

  /** {@code PING_CHECK}. */
  public static final BlockKeywords PING_CHECK = VirtualServerKeywords.PING_CHECK;

  /** {@code FILE_CHECK}. */
  public static final BlockKeywords FILE_CHECK = VirtualServerKeywords.FILE_CHECK;

  /** {@code SSL}, outside of servers. */
  public static final BlockKeywords SSL = OtherKeywords.SSL;

  /** Mistakes whose remedy is further away than a few letters. */
  private static final Map<String, String> REMEDIES =
      Map.of(
          "lvs_id", "router_id",
          "net_mask", "persistence_granularity, or a prefix length in virtual_ipaddress",
          "nat_mask", "a route of the real servers; keepalived 2 has no nat_mask",
          "nb_get_retry", "retry",
          "connection_timeout", "connect_timeout",
          "persistence_time", "persistence_timeout",
          "sheduler", "lvs_sched",
          "scheduler", "lvs_sched");

  private KeywordTable() {}

  /** Returns all blocks in the order in which a page shows them. */
  public static List<BlockKeywords> blocks() {
    return List.of(
        TOP,
        GLOBAL_DEFS,
        VRRP_INSTANCE,
        AUTHENTICATION,
        AUTH_HMAC,
        VRRP_SYNC_GROUP,
        VRRP_SCRIPT,
        TRACK_FILE,
        VIRTUAL_SERVER,
        REAL_SERVER,
        TCP_CHECK,
        HTTP_GET,
        URL,
        SMTP_CHECK,
        SMTP_HOST,
        DNS_CHECK,
        MISC_CHECK,
        UDP_CHECK,
        PING_CHECK,
        FILE_CHECK,
        OtherKeywords.BFD_CHECK,
        SSL,
        OtherKeywords.TRACK_PROCESS,
        OtherKeywords.BFD_INSTANCE,
        OtherKeywords.GARP_GROUP);
  }

  /** Returns the keywords in a block that is left out as a whole; empty for lists of values. */
  public static Optional<BlockKeywords> inside(String keyword) {
    String name = keyword.equals("SSL_GET") ? HTTP_GET.name() : keyword;
    return blocks().stream().filter(block -> block.name().equals(name)).findFirst();
  }

  /** Returns what was probably meant by a word that a block doesn't know. */
  public static Optional<String> suggestion(BlockKeywords block, String word) {
    var remedy = Optional.ofNullable(REMEDIES.get(word));
    if (remedy.isPresent()) {
      return remedy;
    }
    if (block != TOP && TOP.find(word).filter(Keyword::blockFollows).isPresent()) {
      return Optional.of("'}' before it");
    }
    for (var other : blocks()) {
      if (other != block && other.find(word).isPresent()) {
        return Optional.of(word + " in " + (other == TOP ? "no block" : other.name()));
      }
    }
    return Suggestions.nearest(word, block.names());
  }
}
