package io.lvs4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthProbe;
import io.lvs4j.api.HealthReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.io.ByteArrayResource;

/** The properties in the documents are such as they say. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  private static String yamlOf(String document) throws IOException {
    var text = Files.readString(ROOT.resolve(document));
    int begin = text.indexOf("```yaml\n") + "```yaml\n".length();
    return text.substring(begin, text.indexOf("```", begin));
  }

  private static LvsConfiguration read(String yaml) throws IOException {
    var context = new AnnotationConfigApplicationContext();
    new YamlPropertySourceLoader()
        .load("document", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
        .forEach(context.getEnvironment().getPropertySources()::addLast);
    context.registerBean(
        "broker",
        HealthProbe.class,
        () -> (server, timeout) -> CompletableFuture.completedFuture(HealthReport.up("up")));
    context.refresh();
    return ConfigurationReader.read(context, new Readiness(), new StepDowns());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/spring-boot.md"})
  void yamlOfTheDocumentsHasNoProblems(String document) throws IOException {
    assertThat(read(yamlOf(document)).problems().all()).isEmpty();
  }

  @Test
  void tenLinesMakeTwoGatewaysWithOneAddress() throws IOException {
    var configuration = read(yamlOf("README.md"));
    var web = configuration.virtualServers().get("web");
    assertThat(web.realServers()).hasSize(2);
    assertThat(web.healthChecks()).hasSize(1);
    assertThat(configuration.instances())
        .singleElement()
        .satisfies(gateway ->
            assertThat(gateway.virtualAddresses())
                .extracting(Object::toString)
                .containsExactly("192.168.0.200/24"));
  }
}
