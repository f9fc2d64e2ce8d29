using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Agent.Measuring.Energy;

namespace Harness.Cli;

/// <summary>Reads device profiles from <c>results/devices</c> of the checkout; each is typed and checked as a whole.</summary>
public static class YamlProfiles
{
    static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true };

    sealed record File(string Id, int Version, string Title, string Kind, string Node)
    {
        public IReadOnlyList<EnergyConstant> Constants { get; init; } = [];
        public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>();
        public IReadOnlyList<string> Unknown { get; init; } = [];
    }

    public static IReadOnlyList<DeviceProfile> All()
    {
        var folder = new DirectoryInfo(Path.Combine(Settings.Checkout(), "results", "devices"));
        return folder.Exists ? [.. folder.EnumerateFiles("*.yaml").OrderBy(file => file.Name, StringComparer.Ordinal).Select(Read)] : [];
    }

    /// <exception cref="HarnessException">The file is not a profile: which value, and what is allowed.</exception>
    public static DeviceProfile Read(FileInfo file)
    {
        try
        {
            var text = YamlDocuments.Read(file, "profiles").Deserialize<File>(Strict)
                ?? throw new HarnessException($"{file.Name} is empty; a device profile has id, version, title, kind and node.");
            return Checked(new(text.Id, text.Version, text.Title, text.Kind, text.Node, text.Constants, text.Limits, text.Unknown), file);
        }
        catch (JsonException problem)
        {
            throw new HarnessException($"{file.Name}: {problem.Message}", problem);
        }
    }

    static DeviceProfile Checked(DeviceProfile profile, FileInfo file)
    {
        if (!DeviceProfile.Kinds.Contains(profile.Kind))
            throw new HarnessException(
                $"{file.Name}: kind is '{profile.Kind}', but it must be one of {string.Join(", ", DeviceProfile.Kinds)}.");
        foreach (var constant in profile.Constants)
            if (constant is not { Low: > 0, Source.Length: > 0 } || constant.Mid < constant.Low || constant.High < constant.Mid)
                throw new HarnessException($"{file.Name}: constant {constant.Name} is {constant.Low} to {constant.Mid} to {constant.High}; "
                    + "it needs 0 < low <= mid <= high, and a source.");
        if (profile.Constants.Count == 0 && profile.Unknown.Count == 0)
            throw new HarnessException($"{file.Name}: a profile without constants must say under 'unknown' why.");
        return profile;
    }
}
