package io.lvs4j.vrrp;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.time.Duration;

/** The instance that most tests are about: that of the captures. */
public final class Instances {
  private Instances() {}

  /** Returns a VRRPv3 instance of priority 150 that sends every second, and refreshes seldom. */
  public static VrrpInstance.Builder version3() {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .priority(150)
        .version(VrrpVersion.V3)
        .virtualAddress("10.77.0.100/24")
        .announcements(Announcements.defaults().refresh(Duration.ofSeconds(10), 1));
  }

  /** Returns a VRRPv2 instance of priority 150 that sends every second. */
  public static VrrpInstance.Builder version2() {
    return version3().version(VrrpVersion.V2);
  }
}
