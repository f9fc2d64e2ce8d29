using System.Text;
using Suites.Fisbe.Scoring;

namespace Suites.Fisbe.Reports;

/// <summary>What became of every neuron and every prediction, as a table of its own; the official evaluator has none.</summary>
public static class InstanceCsv
{
    public static string Write(IEnumerable<ScoredSample> samples)
    {
        var text = new StringBuilder("sample;side;id;channel;label;voxels;skeleton;best;cldice;covered;matched;pieces\r\n");
        foreach (var sample in samples)
            foreach (var row in sample.Scores.Instances)
                text.Append(string.Join(';', sample.Name, row.Side, row.Id, row.Channel, row.Label, row.Voxels, row.SkeletonVoxels,
                    row.Other, PythonNumber.Of(row.ClDice), PythonNumber.Of(row.Overlapped), row.Matched, string.Join(' ', row.Pieces)))
                        .Append("\r\n");
        return text.ToString();
    }
}
