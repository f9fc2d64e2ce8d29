using System.Globalization;
using Harness.Datasets.Formats;
using Harness.Datasets.Images;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Draws R: a row for each stage, a column for each task, the darker the more accurate.</summary>
static class TaskMatrix
{
    const int Cell = 36, Gap = 2;
    const byte Paper = 255;

    public static IReadOnlyList<Picture> Draw(IReadOnlyList<TaskImage> samples, IReadOnlyList<StagedPrediction> predictions)
    {
        var table = new TaskTable();
        foreach (var (sample, prediction) in samples.Zip(predictions)) table.Add(sample, prediction);
        if (table.Stages == 0) return [];
        int[] tasks = [.. table.Tasks];
        var (width, height) = (tasks.Length * (Cell + Gap) - Gap, table.Stages * (Cell + Gap) - Gap);
        var pixels = new byte[width * height];
        Array.Fill(pixels, Paper);
        for (var stage = 0; stage < table.Stages; stage++)
            foreach (var (column, task) in tasks.Index())
                for (var row = 0; row < Cell; row++)
                    Array.Fill(pixels, Shade(table.Accuracy(stage, task)),
                        (stage * (Cell + Gap) + row) * width + column * (Cell + Gap), Cell);
        return [new("accuracies.png", Caption(table, tasks), width, height)
            { Content = new RasterImage(pixels, 1, height, width).EncodePng() }];
    }

    // 0 is light gray, not paper: a cell is always seen.
    static byte Shade(double accuracy) => (byte)Math.Round(230 * (1 - accuracy));

    static string Caption(TaskTable table, int[] tasks) => "Accuracy on each task (columns) after each task was learned (rows, downwards); "
        + "black is 100 %. " + string.Join("; ", Enumerable.Range(0, table.Stages).Select(stage => Row(table, tasks, stage)));

    static string Row(TaskTable table, int[] tasks, int stage) => string.Create(CultureInfo.InvariantCulture, $"after {stage + 1}: ")
        + string.Join(' ', tasks.Select(task => (100 * table.Accuracy(stage, task)).ToString("F1", CultureInfo.InvariantCulture)));
}
