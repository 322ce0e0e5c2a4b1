package io.attune.jobs;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.attune.pipeline.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks the allowed dependencies between packages, as in docs/ARCHITECTURE.md. */
class ArchitectureTest {
  private static final String NEURAL = "io.attune.neural.";
  private static final String PIPELINE = "io.attune.pipeline.";
  private static final String STAGE = PIPELINE + "stage.";
  private static final String[] STAGES =
      Arrays.stream(Stage.values())
          .map(stage -> STAGE + stage.word() + "..")
          .toArray(String[]::new);
  private static final SliceAssignment EACH_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
          return "packages, at any depth";
        }
      };

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.attune");
  }

  @Test
  void schemasDependOnNothingOfAttune() {
    noClasses()
        .that()
        .resideInAPackage("io.attune.schemas..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.attune.neural..", "io.attune.pipeline..", "io.attune.jobs..")
        .because("schemas are what everybody agrees on")
        .check(classes);
  }

  @Test
  void neuralDependsOnSchemasAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.attune.neural..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.attune.pipeline..", "io.attune.jobs..")
        .because("it is a library for any DL4J user")
        .check(classes);
  }

  @Test
  void onlyNeuralUsesWhatIsInternalToIt() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.attune.neural..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            NEURAL + "cpu..",
            NEURAL + "nd4j..",
            NEURAL + "averaging.exchange..",
            NEURAL + "averaging.worker..")
        .because("these packages are implementations; other modules use layer, optim and averaging")
        .check(classes);
  }

  @Test
  void pipelineDoesNotKnowJobs() {
    noClasses()
        .that()
        .resideInAPackage("io.attune.pipeline..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.attune.jobs..")
        .because("jobs are thin, and only they know the command line")
        .check(classes);
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void stagesNeverImportEachOther(Stage stage) {
    String[] others =
        Stream.of(STAGES)
            .filter(name -> !name.equals(STAGE + stage.word() + ".."))
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(STAGE + stage.word() + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .because("stages meet only through what they published")
        .check(classes);
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void whatStagesStandOnDoesNotKnowThem(Stage stage) {
    noClasses()
        .that()
        .resideInAPackage("io.attune.pipeline..")
        .and()
        .resideOutsideOfPackage("io.attune.pipeline.stage..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(STAGE + stage.word() + "..")
        .because("arrows point from stages to what they stand on")
        .check(classes);
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void everyStageHasOnePublicEntryClass(Stage stage) {
    List<String> entries =
        classes.stream()
            .filter(type -> type.getPackageName().equals(STAGE + stage.word()))
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(ArchitectureTest::runsAStage)
            .map(JavaClass::getSimpleName)
            .toList();
    assertThat(entries)
        .as("public classes of %s with a method run(StageContext, ...)", stage.word())
        .hasSize(1);
    assertThat(entries.get(0)).isEqualToIgnoringCase(stage.word());
  }

  @Test
  void networksAndMetricsKnowNoSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(
            NEURAL + "encoder..",
            NEURAL + "cpu..",
            NEURAL + "nd4j..",
            NEURAL + "layer..",
            NEURAL + "optim..",
            NEURAL + "network..",
            NEURAL + "pretrained..",
            PIPELINE + "metric..",
            PIPELINE + "surge..",
            PIPELINE + "trend..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .because("layers are for any DL4J user, metrics and surges for any caller")
        .check(classes);
  }

  @Test
  void onlyStorageRenamesAndDeletes() {
    noClasses()
        .that()
        .resideOutsideOfPackage(PIPELINE + "storage..")
        .and()
        .resideInAPackage("io.attune.pipeline..")
        .should()
        .callMethodWhere(
            target(nameMatching("rename|delete|moveToTrash"))
                .and(target(owner(resideInAPackage("org.apache.hadoop.fs..")))))
        .because("the file systems' rules of renaming differ, and storage knows them")
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles().check(classes);
  }

  @Test
  void noPackageIsCalledUtilOrAlike() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..", "..utils..", "..common..", "..misc..", "..manager..", "..helper..")
        .because("a room's name says what belongs in it")
        .check(classes);
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    Set<String> documented =
        classes.stream()
            .filter(type -> type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
    Set<String> all =
        classes.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
    // A package-info without annotations has no class file, so the sources are searched.
    Set<String> missing =
        all.stream()
            .filter(name -> !documented.contains(name))
            .filter(name -> !hasPackageInfo(name))
            .collect(Collectors.toSet());
    assertThat(missing).as("packages without a package-info.java").isEmpty();
  }

  @Test
  void everyJobIsACommandAndKnowsNoSpark() {
    classes()
        .that()
        .resideInAPackage("io.attune.jobs")
        .and()
        .haveSimpleNameEndingWith("Job")
        .should(beAnnotatedWith("picocli.CommandLine$Command"))
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("io.attune.jobs")
        .and()
        .haveSimpleNameEndingWith("Job")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .because("a job parses, calls the pipeline, and ends with an exit code")
        .check(classes);
  }

  private static boolean runsAStage(JavaClass type) {
    return type.getMethods().stream()
        .anyMatch(
            method ->
                method.getName().equals("run")
                    && method.getModifiers().contains(JavaModifier.PUBLIC)
                    && !method.getRawParameterTypes().isEmpty()
                    && method
                        .getRawParameterTypes()
                        .get(0)
                        .getName()
                        .equals("io.attune.pipeline.StageContext"));
  }

  private static boolean hasPackageInfo(String name) {
    String file = "src/main/java/" + name.replace('.', '/') + "/package-info.java";
    return Stream.of("../schemas", "../neural", "../pipeline", "../jobs", "../bench")
        .anyMatch(module -> java.nio.file.Files.exists(java.nio.file.Path.of(module, file)));
  }
}
