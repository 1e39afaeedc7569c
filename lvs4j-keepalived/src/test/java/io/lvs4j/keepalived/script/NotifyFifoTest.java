package io.lvs4j.keepalived.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.keepalived.KeepalivedReader;
import java.io.BufferedReader;
import java.io.File;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The named pipes of global_defs: what is written, in what words and in what order. */
@Timeout(180)
class NotifyFifoTest {
  @TempDir private Path directory;

  @Test
  void eventsComeInOrderInTheWordsOfKeepalived() throws Exception {
    assumeThat(new File("/usr/bin/mkfifo")).as("mkfifo").exists();
    var pipe = directory.resolve("events");
    var text =
        """
        global_defs {
          notify_fifo %s
        }
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          virtual_ipaddress {
            10.0.0.1
          }
        }
        virtual_server 10.0.0.1 80 {
          protocol TCP
          real_server 10.0.0.2 81 {
          }
        }
        """
            .formatted(pipe);
    var read = KeepalivedReader.builder().build().read("k.conf", text, directory);
    assertThat(read.diagnostics()).isEmpty();
    var printed = read.print();
    assertThat(printed.losses()).isEmpty();
    assertThat(printed.text()).contains("  notify_fifo " + pipe + "\n");

    var instance = read.vrrpInstances().getFirst();
    var server = read.virtualServers().getFirst();
    var priority = new Priority(100);
    instance.listeners().forEach(each -> each.accept(new VrrpEvent.Backup("VI_1", priority, "")));
    instance.listeners().forEach(each -> each.accept(new VrrpEvent.Master("VI_1", priority, "")));
    var real = new Endpoint(InetAddress.ofLiteral("10.0.0.2"), 81);
    server
        .listeners()
        .forEach(each -> each.onEvent(new DirectorEvent.RealServerDown(server.id(), real, "")));
    server.listeners().forEach(each -> each.onEvent(new DirectorEvent.QuorumDown(server.id())));

    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pipe));
    try (BufferedReader lines = Files.newBufferedReader(pipe, StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP 100");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER 100");
      assertThat(lines.readLine()).isEqualTo("RS [10.0.0.2]:tcp:81 [10.0.0.1]:tcp:80 DOWN");
      assertThat(lines.readLine()).isEqualTo("VS [10.0.0.1]:tcp:80 DOWN");
    }
  }
}
