package io.lvs4j.spring.boot;

import io.lvs4j.core.proxy.ProxyDataPlane;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All {@code lvs4j.*} properties. Values that are not set keep the defaults of the builders in
 * {@code io.lvs4j.api}, which also check those that are.
 *
 * @param enabled whether there is a director at all
 * @param dataPlane what carries the connections: "proxy", which it is if not set, "auto" for the
 *     fastest that this host can have, the name of another plane on the class path such as "ipvs",
 *     or the name of a bean
 * @param keepalivedConf where a keepalived.conf is whose virtual servers and VRRP instances are
 *     served beside those of the properties; takes lvs4j-keepalived
 * @param drain how long open connections may take to end when the application stops; less than
 *     spring.lifecycle.timeout-per-shutdown-phase
 * @param virtualServers virtual servers, each with a name of your choice
 * @param vrrp virtual addresses
 * @param proxy the data plane "proxy"
 */
@ConfigurationProperties("lvs4j")
public record Lvs4jProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String dataPlane,
    @Nullable String keepalivedConf,
    @DefaultValue("10s") Duration drain,
    @DefaultValue Map<String, VirtualServerProperties> virtualServers,
    @DefaultValue Vrrp vrrp,
    @DefaultValue Proxy proxy) {

  /**
   * Virtual addresses that move between hosts.
   *
   * @param trackReadiness whether virtual addresses are held only while the application accepts
   *     traffic
   * @param instances VRRP instances, each with a name of your choice
   * @param groups sync groups of instances that are master together or not at all
   */
  public record Vrrp(
      @DefaultValue("true") boolean trackReadiness,
      @DefaultValue Map<String, VrrpInstanceProperties> instances,
      @DefaultValue Map<String, VrrpInstanceProperties.Group> groups) {}

  /**
   * The data plane that needs no privilege.
   *
   * @param eventLoops the number of event loops, 1 to 1024; one a processor if not set
   * @param transport how sockets are waited for; epoll where it is there if not set
   * @param udpSessions how many UDP sessions there may be, 1 to 1000000; 16384 if not set
   */
  public record Proxy(
      @Nullable Integer eventLoops,
      ProxyDataPlane.@Nullable Transport transport,
      @Nullable Integer udpSessions) {}
}
