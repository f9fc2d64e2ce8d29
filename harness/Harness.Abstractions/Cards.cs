namespace Harness.Abstractions;

/// <summary>A part of a dataset. The protocol carves validation from the official training part; models are selected on it only.</summary>
public enum Split { Train, Validation, Test }

/// <summary>Which way a metric improves.</summary>
public enum Direction { Higher, Lower, Neutral }

/// <summary>Uncertainty of a score over samples: none, Wilson for a share of correct samples, or a bootstrap over samples.</summary>
public enum IntervalRule { None, Wilson, Bootstrap }

/// <summary>
/// One file of a protocol. <paramref name="Hash"/> is <c>md5:…</c> or <c>sha256:…</c> of the content; a <c>.gz</c> around it is taken off
/// unless <paramref name="Name"/> itself ends so. Null means that its publisher states none: the hash found at arrival is then recorded.
/// </summary>
public sealed record DataFile(string Name, long? Bytes, string? Hash, string? Url = null);

/// <summary>
/// A dataset with everything pinned that decides a number. Two results compare only if <see cref="Protocol"/> is equal. Version 0 says
/// that a file is not pinned yet.
/// </summary>
public sealed record DatasetCard(string Id, int Version, string Title)
{
    public string Protocol => $"{Id}@{Version}";
    public required string Licence { get; init; }
    public required string Citation { get; init; }
    /// <summary>Axes, units and value range of a sample, e.g. <c>float [1,28,28], intensity 0..1</c>.</summary>
    public required string Encoding { get; init; }
    public required string SplitRule { get; init; }
    public IReadOnlyList<DataFile> Files { get; init; } = [];
    public int Classes { get; init; }
    /// <summary>Axes of one sample, outermost first; null where samples differ in shape.</summary>
    public IReadOnlyList<WireAxis>? Axes { get; init; }
    public IReadOnlyDictionary<Split, int> Counts { get; init; } = new Dictionary<Split, int>();
    /// <summary>True when this set stands in for one that cannot be had here; its id says so too.</summary>
    public bool StandIn { get; init; }
    /// <summary>Which part plays which role where a task has roles, e.g. <c>reference: summer; query: winter</c>.</summary>
    public string? Roles { get; init; }
    /// <summary>When an answer that is not equal to the target still counts as right, e.g. <c>within 1 frame</c>.</summary>
    public string? Tolerance { get; init; }
    /// <summary>Metrics that the protocol itself prescribes, as <c>id@version</c>.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }
    /// <summary>The protocol that this one differs from in the named parameters only.</summary>
    public string? VariantOf { get; init; }
    /// <summary>Every further choice that decides a number: time bin, cut-off, resolution, filter, permutation.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
}

/// <summary>What a family is. <paramref name="Version"/> is raised whenever its computation changes.</summary>
public sealed record FamilyCard(string Id, int Version, string Title)
{
    /// <summary>spiking, ann, classical or control.</summary>
    public required string Kind { get; init; }
    public required string Summary { get; init; }
    public string? Paper { get; init; }
    public string? Link { get; init; }
    /// <summary>Equation-level description, plain text, one equation a line.</summary>
    public string? Equations { get; init; }
}

/// <summary>What a number means: unit, direction, definition and where the definition comes from.</summary>
public sealed record MetricCard(string Id, int Version, string Title, string Unit, Direction Direction)
{
    public required string Definition { get; init; }
    public string? Source { get; init; }
    /// <summary>How its uncertainty over test samples is stated.</summary>
    public IntervalRule Interval { get; init; }
}

/// <summary>A device as its agent describes it. <paramref name="Id"/> carries no serial number.</summary>
public sealed record DeviceCard(string Id, string Class, string Processor, int Cores, long MemoryBytes,
    string OperatingSystem, string Runtime)
{
    public bool Emulated { get; init; }
    /// <summary>Vector instruction set the kernels use, e.g. <c>avx512</c>.</summary>
    public string? Instructions { get; init; }
    public string? Allocator { get; init; }
    public IReadOnlyList<string> Sensors { get; init; } = [];
    /// <summary>What else identifies the kind of device, by name: model, system on chip, governor; serial numbers as hashes only.</summary>
    public IReadOnlyDictionary<string, string>? Details { get; init; }
}
