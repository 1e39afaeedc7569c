package io.lvs4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.Director;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * A web application as a user would start it, whose director spreads connections to it and others.
 */
class StartedApplicationTest {
  private static final WellServer WELL = new WellServer("well");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext context;

  @Configuration
  @EnableAutoConfiguration
  static class Application {
    final List<Boolean> servingWhenTheWebServerBegan = new ArrayList<>();
    private final Director director;

    Application(Director director) {
      this.director = director;
    }

    @EventListener
    void webServerIsThere(WebServerInitializedEvent event) {
      servingWhenTheWebServerBegan.add(director.isRunning());
    }
  }

  @BeforeAll
  static void start() {
    context =
        SpringApplication.run(
            Application.class,
            "--server.port=0",
            "--management.endpoints.web.exposure.include=lvs4j,health,info,metrics",
            "--management.endpoint.health.show-details=always",
            "--management.endpoint.health.probes.enabled=true",
            "--management.endpoint.lvs4j.access=unrestricted",
            "--spring.application.name=gateway",
            "--lvs4j.virtual-servers.web.address=127.0.0.1:0",
            "--lvs4j.virtual-servers.web.scheduler=rr",
            "--lvs4j.virtual-servers.web.real-servers=" + WELL.address());
  }

  @AfterAll
  static void stop() {
    context.close();
    WELL.close();
    CLIENT.close();
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private static HttpRequest.Builder request(String path) {
    var port = context.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  @Test
  void virtualServersAreServedOnlyOnceTheWebServerAnswers() {
    assertThat(context.getBean(Application.class).servingWhenTheWebServerBegan)
        .containsExactly(false);
    assertThat(context.getBean(Director.class).isRunning()).isTrue();
  }

  @Test
  void theDirectorStopsBeforeTheWebServerShutsDown() {
    assertThat(DirectorLifecycle.PHASE)
        .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
        .isGreaterThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
        .isLessThan(SmartLifecycle.DEFAULT_PHASE);
  }

  @Test
  void theEndpointTellsTheStatusAsJson() throws Exception {
    var answer = get("/actuator/lvs4j");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"vrrp\":[]")
        .contains("\"name\":\"web\"")
        .contains("\"scheduler\":\"rr\"")
        .contains("\"quorum\":\"UP\"")
        .contains("\"address\":\"" + WELL.address() + "\"");
  }

  @Test
  void theEndpointPrintsTheTableAsIpvsadmDoes() throws Exception {
    var answer = get("/actuator/lvs4j/ipvs");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
    assertThat(answer.body())
        .startsWith("IP Virtual Server version 1.2.1 (size=4096)\n")
        .contains("  -> " + WELL.address());
    assertThat(get("/actuator/lvs4j/stats").body()).contains("InPkts");
    assertThat(get("/actuator/lvs4j/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void weightsCanBeChangedAndServersDrained() throws Exception {
    var server = "\"virtualServer\": \"web\", \"realServer\": \"" + WELL.address() + "\"";
    assertThat(post("/actuator/lvs4j/weight", "{" + server + ", \"weight\": 5}").body())
        .contains("\"weight\":5");
    var one = context.getBean(Director.class).snapshot().virtualServers().getFirst();
    assertThat(one.realServers().getFirst().weight()).isEqualTo(5);
    for (var wrong :
        List.of(
            "{" + server + ", \"weight\": -1}",
            "{\"virtualServer\": \"shop\", \"realServer\": \"1.2.3.4:80\", \"weight\": 1}",
            "{\"virtualServer\": \"web\", \"realServer\": \"1.2.3.4:80\", \"weight\": 1}",
            "{}")) {
      assertThat(post("/actuator/lvs4j/weight", wrong).statusCode()).isEqualTo(400);
    }
    assertThat(post("/actuator/lvs4j/explode", "{}").statusCode()).isEqualTo(400);
    assertThat(post("/actuator/lvs4j/step-down", "{\"instance\": \"none\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void healthIsPartOfTheWholeButNeverOfLiveness() throws Exception {
    assertThat(get("/actuator/health").body()).contains("\"lvs4j\":{").contains("quorum");
    assertThat(get("/actuator/health/liveness").body()).doesNotContain("lvs4j");
    assertThat(get("/actuator/health/readiness").body()).doesNotContain("lvs4j");
  }

  @Test
  void metersAreBoundOnceWithTheirTags() {
    var registry = context.getBean(MeterRegistry.class);
    assertThat(registry.find("lvs4j.virtual.servers").gauges()).hasSize(1);
    assertThat(registry.find("lvs4j.virtual.servers").gauge().value()).isEqualTo(1);
  }

  @Test
  void infoTellsOfTheDirector() throws Exception {
    assertThat(get("/actuator/info").body())
        .contains("\"lvs4j\":{")
        .contains("\"virtualServers\":1");
  }

  @Test
  void writesAreRefusedUntilTheyAreAllowed() throws Exception {
    try (var guarded =
        SpringApplication.run(
            Application.class,
            "--server.port=0",
            "--management.endpoints.web.exposure.include=lvs4j",
            "--lvs4j.virtual-servers.web.address=127.0.0.1:0",
            "--lvs4j.virtual-servers.web.real-servers=" + WELL.address())) {
      var port = guarded.getEnvironment().getProperty("local.server.port");
      var answer =
          send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/actuator/lvs4j/weight"))
                  .header("Content-Type", "application/json")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"virtualServer\": \"web\", \"realServer\": \""
                              + WELL.address()
                              + "\", \"weight\": 9}")));
      assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(
              guarded
                  .getBean(Director.class)
                  .snapshot()
                  .virtualServers()
                  .getFirst()
                  .realServers()
                  .getFirst()
                  .weight())
          .isEqualTo(1);
    }
  }
}
