package io.lvs4j.lab.vrrp;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process with a router that says when it is master, until it is killed. */
final class RouterProcess {
  private RouterProcess() {}

  public static void main(String[] arguments) throws Exception {
    var instance =
        VrrpInstance.builder("VI_1")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .version(VrrpVersion.V3)
            .advertisementInterval(Duration.ofMillis(100))
            .priority(Integer.parseInt(arguments[0]))
            .virtualAddress(arguments[1])
            .onMaster(event -> System.out.println("master"))
            .build();
    try (var router = VrrpRouter.builder().instance(instance).build()) {
      router.start();
      new CountDownLatch(1).await();
    }
  }
}
