using Harness.Datasets;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Stimuli;

/// <summary>How a neuron answers to what its filter sees of a stimulus: as it is, or ln(1 + e^x), which is never negative.</summary>
public enum ResponseCurve { Linear, Softplus }

/// <summary>
/// Points as neurons: each is a filter, and its response is a curve of the filter's product with a stimulus, standardised by its responses
/// to drawn stimuli. Stimuli have at most the length of the drawn ones.
/// </summary>
sealed class Neurons
{
    const int Drawn = 200;
    // Responses that hardly vary are not blown up.
    const double LeastDeviation = 0.1;

    readonly PointTable _filters;
    readonly ResponseCurve _curve;
    readonly double[] _means;
    readonly double[] _deviations;

    /// <param name="contrast">Root mean square of a drawn stimulus.</param>
    public Neurons(PointTable filters, ResponseCurve curve, double contrast, Chance chance)
    {
        (_filters, _curve) = (filters, curve);
        Length = contrast * Math.Sqrt(filters.Dimensions);
        (_means, _deviations) = (new double[filters.Count], new double[filters.Count]);
        double[][] stimuli = [.. Enumerable.Range(0, Drawn).Select(_ => Draw(chance, Length))];
        for (var neuron = 0; neuron < filters.Count; neuron++)
        {
            var responses = stimuli.Select(stimulus => Response(Subspace.Dot(filters[neuron], stimulus))).ToArray();
            _means[neuron] = responses.Average();
            _deviations[neuron] = Math.Max(LeastDeviation,
                Math.Sqrt(responses.Average(response => Math.Pow(response - _means[neuron], 2)))) + 1e-6;
        }
    }

    /// <summary>Of the longest stimulus.</summary>
    public double Length { get; }

    public int Count => _filters.Count;

    public double[] Draw(Chance chance, double length)
    {
        double[] stimulus = [.. Enumerable.Range(0, _filters.Dimensions).Select(_ => chance.Normal())];
        var scale = length / Math.Sqrt(Subspace.Dot(stimulus, stimulus));
        return [.. stimulus.Select(value => scale * value)];
    }

    /// <summary>Standardised responses of some neurons to a stimulus, and how they change with the filter's product.</summary>
    public (double[] Responses, double[] Slopes) See(double[] stimulus, int[] neurons)
    {
        var (responses, slopes) = (new double[neurons.Length], new double[neurons.Length]);
        for (var at = 0; at < neurons.Length; at++)
        {
            var (neuron, seen) = (neurons[at], Subspace.Dot(_filters[neurons[at]], stimulus));
            responses[at] = (Response(seen) - _means[neuron]) / _deviations[neuron];
            slopes[at] = (_curve == ResponseCurve.Linear ? 1 : 1 / (1 + Math.Exp(-seen))) / _deviations[neuron];
        }
        return (responses, slopes);
    }

    /// <summary>Adds the filters of some neurons, each by its weight.</summary>
    public void AddFilters(double[] sum, int[] neurons, double[] weights)
    {
        for (var at = 0; at < neurons.Length; at++) Subspace.AddScaled(sum, _filters[neurons[at]], weights[at]);
    }

    // ln(1 + e^x) without overflow.
    double Response(double seen) => _curve == ResponseCurve.Linear ? seen : Math.Max(seen, 0) + Math.Log(1 + Math.Exp(-Math.Abs(seen)));
}
