package io.lvs4j.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeepalivedTest {
  @Test
  void anInstanceIsSaidInKeepalivedsWords() {
    var instance =
        VrrpInstance.builder("VI_1")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .priority(150)
            .advertisementInterval(Duration.ofSeconds(2))
            .noPreempt()
            .sourceAddress("10.0.0.1")
            .unicastPeer("10.0.0.2")
            .authentication(Authentication.password("1111"))
            .virtualAddress("10.0.0.100/24")
            .excludedAddress("2001:db8::1/64")
            .build();
    assertThat(Keepalived.configuration(List.of(instance), List.of("vrrp_garp_master_refresh 1")))
        .isEqualTo(
            """
            global_defs {
              vrrp_garp_master_refresh 1
            }
            vrrp_instance VI_1 {
              interface eth0
              version 2
              virtual_router_id 51
              priority 150
              advert_int 2.00
              nopreempt
              unicast_src_ip 10.0.0.1
              unicast_peer {
                10.0.0.2
              }
              authentication {
                auth_type PASS
                auth_pass 1111
              }
              virtual_ipaddress {
                10.0.0.100/24 dev eth0
              }
              virtual_ipaddress_excluded {
                2001:db8:0:0:0:0:0:1/64 dev eth0
              }
            }
            """);
  }
}
