package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.plane.Destination;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerTableTest {
  private static final int STEPS = 20_000;

  private record Connection(LiveDestination destination, boolean active) {}

  @Test
  void theIdleServersAreThoseInThePoolWithoutAnActiveConnection() {
    long seed = Long.getLong("lvs4j.seed", 7);
    var random = new Random(seed);
    var table = new ServerTable(Overhead.TOTAL, 0);
    var connections = new ArrayList<Connection>();
    for (int step = 0; step < STEPS; step++) {
      var settings = destination(random.nextInt(12));
      var present = table.find(settings.endpoint());
      switch (random.nextInt(8)) {
        case 0 -> {
          if (present == null) {
            table.add(settings, step);
          } else {
            table.remove(present, step);
          }
        }
        case 1 -> {
          if (random.nextInt(50) == 0) {
            table.replay(() -> {});
          }
        }
        case 2, 3, 4 -> {
          if (present != null) {
            boolean active = random.nextBoolean();
            table.begin(present, active);
            connections.add(new Connection(present, active));
          }
        }
        default -> {
          if (!connections.isEmpty()) {
            var ending = connections.remove(random.nextInt(connections.size()));
            if (random.nextBoolean()) {
              table.move(ending.destination, !ending.active);
              table.end(ending.destination, !ending.active, step);
            } else {
              table.end(ending.destination, ending.active, step);
            }
          }
        }
      }
      int idle = 0;
      for (int position = 0; position < table.size(); position++) {
        idle += table.activeConnections(position) == 0 ? 1 : 0;
      }
      assertThat(table.idle()).as("step %d, -Dlvs4j.seed=%d", step, seed).isEqualTo(idle);
    }
  }

  private static Destination destination(int number) {
    var endpoint = new Endpoint(InetAddress.ofLiteral("192.0.2." + (number + 1)), 80);
    return new Destination(RealServer.of(endpoint), 1);
  }
}
