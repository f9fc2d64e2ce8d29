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
        if (predictions.Count == 0) return [];
        var stages = predictions[0].Labels.Count;
        foreach (var (sample, prediction) in samples.Zip(predictions)) TaskTable.CheckStages(sample, prediction, stages);
        var columns = samples.Zip(predictions).GroupBy(pair => pair.First.Task).OrderBy(task => task.Key).Select(task => task.ToArray())
            .ToArray();
        double[][] rows = [.. Enumerable.Range(0, stages).Select(stage => columns.Select(column => Accuracy(column, stage)).ToArray())];
        var (width, height) = (columns.Length * (Cell + Gap) - Gap, stages * (Cell + Gap) - Gap);
        var pixels = new byte[width * height];
        Array.Fill(pixels, Paper);
        foreach (var (stage, row) in rows.Index())
            foreach (var (column, accuracy) in row.Index())
                for (var line = 0; line < Cell; line++)
                    Array.Fill(pixels, Shade(accuracy), (stage * (Cell + Gap) + line) * width + column * (Cell + Gap), Cell);
        return [new("accuracies.png", Caption(rows), width, height)
            { Content = new RasterImage(pixels, 1, height, width).EncodePng() }];
    }

    // 0 is light gray, not paper: a cell is always seen. By the root of what is wrong, as 80 and 90 % shall be told apart.
    static byte Shade(double accuracy) => (byte)Math.Round(230 * Math.Sqrt(1 - accuracy));

    static double Accuracy((TaskImage Sample, StagedPrediction Answer)[] task, int stage) =>
        task.Count(pair => pair.Answer.Labels[stage] == pair.Sample.Image.Label) / (double)task.Length;

    static string Caption(double[][] rows) => "Accuracy on each task (columns) after each task was learned (rows, downwards); black is "
        + "100 %. " + string.Join("; ", rows.Select((row, stage) => string.Create(CultureInfo.InvariantCulture, $"after {stage + 1}: ")
            + string.Join(' ', row.Select(accuracy => (100 * accuracy).ToString("F1", CultureInfo.InvariantCulture)))));
}
