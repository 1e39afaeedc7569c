package io.lvs4j.core.proxy;

import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test that is run over each {@link Transport} that this host has. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@EnumSource(value = Transport.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@interface EveryTransport {}
