package io.lvs4j.keepalived.diagnostic;

import io.lvs4j.api.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what is wrong with a configuration in the keywords of its file, not in those of Java. */
public final class FileWords {
  /** The longer ones first, where one begins with another. */
  private static final Map<String, String> KEYWORDS = keywords();

  private FileWords() {}

  private static Map<String, String> keywords() {
    var words = new LinkedHashMap<String, String>();
    words.put("weightedTracking()", "sync_group_tracking_weight");
    words.put("noVirtualAddress()", "no_virtual_ipaddress");
    words.put("startAsBackup()", "state BACKUP");
    words.put("whileMaster(..), the VRRP instance to go by", "an address");
    words.put("builder().", "");
    words.put("VRRP instance ", "vrrp_instance ");
    words.put("sync group ", "vrrp_sync_group ");
    words.put("virtual router id", "virtual_router_id");
    words.put("down timer adverts", "down_timer_adverts");
    words.put("advertisement interval", "advert_int");
    words.put("preempt delay", "preempt_delay");
    words.put("start-up delay", "vrrp_startup_delay");
    words.put("virtual addresses", "virtual_ipaddress");
    words.put("unicast peer ", "unicast_peer ");
    words.put("unicast TTL", "unicast_ttl");
    words.put("check of unicast sources", "check_unicast_src");
    words.put("multicast group", "mcast_dst_ip");
    words.put("source address", "unicast_src_ip or mcast_src_ip");
    words.put("announcement refresh", "garp_master_refresh");
    words.put("announcement repeat on lower priority", "garp_lower_prio_repeat");
    words.put("active HMAC key", "active_key");
    words.put("HMAC time window", "time_window");
    words.put("HMAC key ", "auth_hmac key ");
    words.put("authentication type", "auth_type");
    words.put("virtual server ", "virtual_server ");
    words.put("real server ", "real_server ");
    words.put("sorry server", "sorry_server");
    words.put("persistence timeout", "persistence_timeout");
    words.put("persistence engine", "persistence_engine");
    words.put("connect timeout", "connect_timeout");
    words.put("delay before retry", "delay_before_retry");
    words.put("delay loop", "delay_loop");
    words.put("warm-up", "warmup");
    words.put("HA suspend", "ha_suspend");
    words.put("one-packet scheduling", "ops");
    words.put("lower threshold", "lthreshold");
    words.put("upper threshold", "uthreshold");
    words.put("virtual host", "virtualhost");
    words.put("helo name", "helo_name");
    words.put("least reply length", "min_reply_length");
    words.put("most reply length", "max_reply_length");
    words.put("bind interface", "bind_if");
    words.put("bind address", "bindto");
    words.put("forwarding", "lvs_method");
    words.put("DIRECT_ROUTING", "DR");
    words.put("TUNNEL", "TUN");
    return words;
  }

  /** Returns the same problem in the words of a file. */
  public static Problem of(Problem problem) {
    return new Problem(of(problem.subject()), of(problem.value()), of(problem.expected()));
  }

  private static String of(String text) {
    var words = text;
    for (var each : KEYWORDS.entrySet()) {
      words = words.replace(each.getKey(), each.getValue());
    }
    return words;
  }
}
