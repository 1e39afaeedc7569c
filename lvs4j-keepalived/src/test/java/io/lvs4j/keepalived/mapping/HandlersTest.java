package io.lvs4j.keepalived.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.keyword.Keyword;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.keyword.Treatment;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each keyword that the table calls mapped is handled, and no other one is. */
class HandlersTest {
  private static final Position POSITION = new Position("k.conf", 1, 1);

  private static List<Handlers> all() {
    var context =
        MappingContext.of(
            new Diagnostics(), KernelScheduler::new, new Commands.ScriptRules("root", false));
    var statement =
        new Statement(
            new Word("x", POSITION, false),
            List.of(),
            new Statement.Rest("", POSITION),
            Optional.empty(),
            false);
    var globals = new GlobalReader(context);
    var trackers = new TrackerReader(context);
    var address = InetAddress.ofLiteral("10.0.0.2");
    var endpoint = new Endpoint(address, 80);
    var authentication = new AuthenticationReader(context);
    var all = new ArrayList<Handlers>();
    all.addAll(
        List.of(
            ConfigurationMapper.handlers(context),
            globals.handlers(),
            new InstanceReader(context, trackers, globals, statement).handlers(),
            authentication.password(),
            authentication.hmac(),
            new SyncGroupReader(context, trackers).handlers(),
            trackers.script(new TrackerReader.Settings()),
            trackers.file(new TrackerReader.Settings()),
            new VirtualServerReader(context).handlers(),
            new RealServerReader(
                    context, endpoint, new Target.At(endpoint), new Check(), Forwarding.NAT, false)
                .handlers()));
    all.addAll(CheckReader.all(context));
    all.add(new TlsReader(context).handlers());
    return all;
  }

  @TestFactory
  Stream<DynamicTest> mappedKeywordsAreHandled() {
    return all().stream()
        .map(handlers ->
            DynamicTest.dynamicTest(
                handlers.keywords().name(),
                () ->
                    assertThat(handlers.handled())
                        .containsExactlyInAnyOrderElementsOf(
                            handlers.keywords().all().stream()
                                .filter(keyword -> keyword.treatment() == Treatment.MAPPED)
                                .map(Keyword::meaning)
                                .collect(Collectors.toSet()))));
  }

  @Test
  void eachBlockOfTheTableHasHandlers() {
    assertThat(all().stream().map(Handlers::keywords))
        .containsExactlyElementsOf(
            KeywordTable.blocks().stream()
                .filter(block ->
                    block.all().stream()
                        .anyMatch(keyword -> keyword.treatment() == Treatment.MAPPED))
                .toList());
  }

  @Test
  void whatIsNotMappedHasAReason() {
    assertThat(KeywordTable.blocks())
        .allSatisfy(block ->
            assertThat(block.all())
                .filteredOn(keyword -> keyword.treatment() != Treatment.MAPPED)
                .allSatisfy(keyword -> assertThat(keyword.why()).isNotBlank()));
  }
}
