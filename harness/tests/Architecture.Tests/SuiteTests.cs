using System.Reflection;
using Harness.Abstractions;
using Harness.Datasets;

namespace Architecture.Tests;

/// <summary>Suites are literal lists: what was written but not listed could not be run, and nobody would notice.</summary>
public sealed class SuiteTests
{
    static readonly Type[] Contracts = [typeof(IModelFamily<,>), typeof(IDataset<>), typeof(IMetric<,>)];

    static readonly IReadOnlyList<Suite> Suites = [.. SuiteAssemblies().Select(SuiteOf)];

    [Fact]
    public void Every_suite_of_the_tree_is_seen_by_these_tests()
    {
        var folder = new DirectoryInfo(Path.Combine(Repository.Root.FullName, "suites"));
        var projects = folder.EnumerateFiles("*.csproj", SearchOption.AllDirectories).Where(file => !file.Name.EndsWith(".Tests.csproj"));
        Assert.Equal(projects.Select(project => Path.GetFileNameWithoutExtension(project.Name)).Order(StringComparer.Ordinal),
            SuiteAssemblies().Select(assembly => assembly.GetName().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_family_and_metric_of_a_suite_is_listed_in_it()
    {
        foreach (var (assembly, suite) in SuiteAssemblies().Zip(Suites))
        {
            var missing = PlugIns(assembly).Except(Listed(suite)).Select(type => type.Name).ToList();
            Assert.True(missing.Count == 0, $"{string.Join(", ", missing)} cannot be run: list it in the suite {suite.Id}.");
        }
    }

    [Fact]
    public void Every_dataset_is_listed_in_a_suite_or_among_the_standard_ones()
    {
        var listed = Suites.SelectMany(Listed).Concat(StandardDatasets.All.Select(dataset => dataset.GetType()));
        var missing = PlugIns(typeof(Mnist).Assembly).Except(listed).Select(type => type.Name).ToList();
        Assert.True(missing.Count == 0, $"{string.Join(", ", missing)} cannot be found: list it in StandardDatasets.");
    }

    [Fact]
    public void A_dataset_of_a_suite_is_the_standard_one_of_its_name()
    {
        var standard = StandardDatasets.All.ToDictionary(dataset => dataset.Card.Id, dataset => dataset.Card.Protocol);
        foreach (var card in Suites.SelectMany(suite => suite.Benchmarks).SelectMany(benchmark => benchmark.Accept(new Cards()))
                     .Where(card => standard.ContainsKey(card.Id)))
            Assert.Equal(standard[card.Id], card.Protocol);
    }

    [Fact]
    public void Plug_ins_are_sealed_and_families_are_records()
    {
        foreach (var type in SuiteAssemblies().Append(typeof(Mnist).Assembly).SelectMany(Implementations))
        {
            Assert.True(type.IsSealed, $"{type.Name} must be sealed: a plug-in is composed, not derived from.");
            Assert.True(!Implements(type, typeof(IModelFamily<,>)) || type.GetMethod("<Clone>$") is not null,
                $"{type.Name} must be a record: the properties of a family are its hyper-parameters.");
        }
    }

    static List<Assembly> SuiteAssemblies() => [.. new DirectoryInfo(AppContext.BaseDirectory).EnumerateFiles("Suites.*.dll")
        .OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file.Name)))];

    static Suite SuiteOf(Assembly assembly) => (Suite)assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Single(method => method.ReturnType == typeof(Suite) && method.GetParameters().Length == 0).Invoke(null, null)!;

    // A family, metric or dataset may be a configuration of its type, so types are compared.
    static IEnumerable<Type> PlugIns(Assembly assembly) => Implementations(assembly).Where(type => type.IsPublic);

    static IEnumerable<Type> Implementations(Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.IsAbstract && Array.Exists(Contracts, contract => Implements(type, contract)));

    static bool Implements(Type type, Type contract) =>
        type.GetInterfaces().Any(found => found.IsGenericType && found.GetGenericTypeDefinition() == contract);

    static IEnumerable<Type> Listed(Suite suite) => suite.Benchmarks.SelectMany(benchmark => benchmark.Accept(new Reader()));

    sealed class Cards : IBenchmarkVisitor<IEnumerable<DatasetCard>>
    {
        public IEnumerable<DatasetCard> Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            benchmark.Datasets.Select(dataset => dataset.Card);
    }

    sealed class Reader : IBenchmarkVisitor<IEnumerable<Type>>
    {
        public IEnumerable<Type> Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            new IEnumerable<object>[] { benchmark.Datasets, benchmark.Families, benchmark.Metrics }.SelectMany(list => list)
                .Select(listed => listed.GetType());
    }
}
