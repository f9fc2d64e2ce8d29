using System.Globalization;
using System.Text.RegularExpressions;

namespace Suites.Fisbe.Scoring;

/// <summary>One prediction and its ground truth. The sample is named by the prediction's file name up to its first point.</summary>
public sealed partial record SampleFiles(string Sample, string Prediction, string Truth)
{
    static readonly string[] Extensions = [".hdf", ".h5", ".hdf5", ".zarr", ".tif", ".tiff"];

    /// <summary>One pair of files, or every prediction of a folder with the ground truth of its name in another folder.</summary>
    /// <exception cref="HarnessException">A file is missing, or a folder holds no prediction.</exception>
    public static IReadOnlyList<SampleFiles> Pair(string prediction, string truth)
    {
        if (!Exists(prediction)) throw new HarnessException(
            $"The prediction {prediction} does not exist. Give a file or a folder of files.");
        if (!Exists(truth)) throw new HarnessException($"The ground truth {truth} does not exist. Give a file or a folder of files.");
        if (!IsFolder(prediction)) return [new(NameOf(prediction), prediction, IsFolder(truth) ? TruthOf(prediction, truth) : truth)];
        if (!IsFolder(truth))
            throw new HarnessException(
                $"{prediction} is a folder of predictions, but {truth} is one ground truth. Give the folder that holds one for each.");
        var kind = Extensions.FirstOrDefault(extension => Files(prediction, extension).Any())
            ?? throw new HarnessException($"{prediction} holds no prediction; its files must end in {string.Join(", ", Extensions)}.");
        return [.. Files(prediction, kind).OrderBy(file => Natural(Path.GetFileName(file)), StringComparer.Ordinal)
            .Select(file => new SampleFiles(NameOf(file), file, TruthOf(file, truth)))];
    }

    static IEnumerable<string> Files(string folder, string extension) => Directory.EnumerateFileSystemEntries(folder)
        .Where(path => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase));

    static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    static bool IsFolder(string path) => Directory.Exists(path)
        && !Path.TrimEndingDirectorySeparator(path).EndsWith(".zarr", StringComparison.OrdinalIgnoreCase);

    static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path)).Split('.')[0];

    static string TruthOf(string prediction, string folder) =>
        // Ground truth is Zarr by rule; predictions and ground truth may lie in one folder.
        Extensions.OrderByDescending(extension => extension == ".zarr").Select(extension =>
            Path.Combine(folder, NameOf(prediction) + extension)).FirstOrDefault(Exists)
        ?? throw new HarnessException($"{folder} holds no ground truth for {prediction}: there is no {NameOf(prediction)}.zarr. "
            + "Prediction and ground truth must have the name of the sample.");

    // As people count: sample2 before sample10.
    static string Natural(string name) => Digits().Replace(name, number =>
        number.Value.PadLeft(12, '0').ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
