package io.lvs4j.core.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Predicate;

/**
 * Loads classes anew, in which {@link FaultPoints#pass} comes before each call of foreign code:
 * netty, the JDK's sockets and collections, loggers, and what an application hands in. So a test
 * can throw an Error at any of them and see what else it takes along.
 *
 * <pre>{@code
 * var loader = new FaultyClasses("io.lvs4j.core.", name -> name.startsWith("io.lvs4j.core.proxy."));
 * var scenario = (Runnable) loader.loadClass(Scenario.class.getName()).getConstructor().newInstance();
 * }</pre>
 */
public final class FaultyClasses extends ClassLoader {
  private static final ClassDesc POINTS = ClassDesc.of(FaultPoints.class.getName());
  private static final MethodTypeDesc PASS = MethodTypeDesc.ofDescriptor("(Ljava/lang/String;)V");

  private final String anew;
  private final Predicate<String> faulty;
  private final ClassFile classFile =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(getClass().getClassLoader())));

  /**
   * Creates the loader.
   *
   * @param anew the beginning of the names of all classes that are loaded anew
   * @param faulty which of them get the points
   */
  public FaultyClasses(String anew, Predicate<String> faulty) {
    super(FaultyClasses.class.getClassLoader());
    this.anew = anew;
    this.faulty = faulty;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(anew) || name.startsWith(FaultPoints.class.getPackageName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      if (faulty.test(name)) {
        bytes = withPoints(classFile.parse(bytes));
      }
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] withPoints(ClassModel type) {
    var simple = type.thisClass().asInternalName();
    var name = simple.substring(simple.lastIndexOf('/') + 1);
    return classFile.transformClass(
        type,
        ClassTransform.transformingMethodBodies(
            FaultyClasses::isOrdinary, CodeTransform.ofStateful(() -> points(name))));
  }

  private static boolean isOrdinary(MethodModel method) {
    return !method.methodName().stringValue().startsWith("<");
  }

  private CodeTransform points(String type) {
    return (code, element) -> {
      if (element instanceof InvokeInstruction call && isForeign(call)) {
        var owner = call.owner().asInternalName();
        code.ldc(
            type
                + " calls "
                + owner.substring(owner.lastIndexOf('/') + 1)
                + "."
                + call.name().stringValue());
        code.invokestatic(POINTS, "pass", PASS);
      }
      code.with(element);
    };
  }

  /** Own code has points of its own; and what can't fail needs none. */
  private boolean isForeign(InvokeInstruction call) {
    var owner = call.owner().asInternalName();
    return !owner.startsWith(anew.replace('.', '/'))
        && !owner.equals("java/lang/Math")
        && !owner.equals("java/lang/Object")
        && !call.name().equalsString("removeLast")
        && !owner.startsWith("io/lvs4j/api/loop/");
  }
}
