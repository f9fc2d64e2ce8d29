namespace Suites.Fisbe.Scoring;

/// <summary>The official list of samples, <c>sample_list_per_split.txt</c>: which are labelled completely and which partly.</summary>
public sealed class SampleList
{
    const string CompleteHeader = "(1) samples for FlyLight completely:";
    const string PartlyHeader = "(2) samples for FlyLight partly:";

    readonly Dictionary<string, bool> _partly;

    SampleList(Dictionary<string, bool> partly) => _partly = partly;

    /// <exception cref="HarnessException">A header is missing, or a sample is listed as both.</exception>
    public static SampleList Parse(string name, IEnumerable<string> lines)
    {
        var samples = new Dictionary<string, bool>(StringComparer.Ordinal);
        bool? partly = null;
        foreach (var line in lines.Select(line => line.Trim())
            .Where(line => line.Length > 0 && line is not ("train:" or "val:" or "test:")))
        {
            if (line == CompleteHeader) partly = false;
            else if (line == PartlyHeader) partly = true;
            else if (partly is null) throw new HarnessException(
                $"{name}: sample {line} stands before the header '{CompleteHeader}'. Use the official list.");
            else if (samples.TryGetValue(line, out var before) && before != partly)
                throw new HarnessException($"{name}: sample {line} is listed as completely and as partly labelled. Use the official list.");
            else samples[line] = partly.Value;
        }
        return samples.Count > 0 ? new(samples) : throw new HarnessException($"{name} lists no sample. Use the official list.");
    }

    /// <exception cref="HarnessException">The list does not know the sample.</exception>
    public bool IsPartly(string sample) => _partly.TryGetValue(sample, out var partly) ? partly
        : throw new HarnessException($"Sample {sample} is not in the list of samples; a prediction file is named after its sample. "
            + "Rename the file, or say --partly or --complete instead of giving a list.");
}
