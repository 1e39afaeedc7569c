package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client and ipvsadm see the same table, whoever of them has made it. */
@Order(2)
class IpvsadmInKernel {
  private static final int CONFIGURATIONS = 200;
  private static final long SEED = Long.getLong("lvs4j.seed", System.nanoTime());

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  private Ipvsadm ipvsadm;
  private IpvsClient client;

  @BeforeEach
  void open() throws Exception {
    ipvsadm = new Ipvsadm();
    client = IpvsClient.open();
    client.flush();
  }

  @AfterEach
  void close() throws Exception {
    client.flush();
    client.close();
    ipvsadm.close();
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void whatTheClientHasSetIpvsadmLists() throws Exception {
    for (int i = 0; i < CONFIGURATIONS; i++) {
      var table = GeneratedTable.of(random);
      var text = new IpvsadmText(table);
      assertThat(client.apply(table.changes())).as("refused, %s", name(i)).isEmpty();

      assertThat(ipvsadm.saved()).as("-S, %s", name(i)).isEqualTo(text.saved());
      assertThat(ipvsadm.listed("")).as("-Ln, %s", name(i)).isEqualTo(text.listed());
      if (i % 10 == 0) {
        assertThat(ipvsadm.listed("--thresholds"))
            .as("-Ln --thresholds, %s", name(i))
            .isEqualTo(text.thresholds());
      }
      theClientReads(table, i);
      client.flush();
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void whatIpvsadmHasSetTheClientReads() throws Exception {
    for (int i = 0; i < CONFIGURATIONS / 2; i++) {
      var table = GeneratedTable.of(random);
      ipvsadm.restore(new IpvsadmText(table).toRestore());
      theClientReads(table, i);
      client.flush();
    }
  }

  @Test
  void aServiceAndARealServerAreChangedInPlace() throws Exception {
    for (int i = 0; i < CONFIGURATIONS / 4; i++) {
      var table = GeneratedTable.of(random);
      assertThat(client.apply(table.changes())).isEmpty();
      for (var entry : table.services().values()) {
        var changed = entry.service().withScheduler(GeneratedTable.scheduler(random));
        client.set(changed);
        assertThat(client.service(changed.key()).orElseThrow().service())
            .as(name(i))
            .isEqualTo(changed);
        var order = client.destinations(changed.key());
        for (var destination : entry.destinations()) {
          client.set(changed.key(), destination.withWeight(7).withThresholds(9, 8));
        }
        assertThat(client.destinations(changed.key()))
            .extracting(IpvsDestinationStatus::destination)
            .as(name(i))
            .containsExactlyElementsOf(
                order.stream()
                    .map(status -> status.destination().withWeight(7).withThresholds(9, 8))
                    .toList());
      }
      client.flush();
    }
  }

  private void theClientReads(GeneratedTable table, int i) throws Exception {
    assertThat(client.services())
        .extracting(IpvsServiceStatus::service)
        .as("services, %s", name(i))
        .containsExactlyElementsOf(
            table.services().values().stream().map(GeneratedTable.Entry::service).toList());
    for (var entry : table.services().values()) {
      assertThat(client.destinations(entry.service().key()))
          .extracting(IpvsDestinationStatus::destination)
          .as("real servers, the newest first, %s", name(i))
          .containsExactlyElementsOf(entry.destinations().reversed());
    }
  }

  private static String name(int i) {
    return "configuration " + i + " of -Dlvs4j.seed=" + SEED;
  }
}
