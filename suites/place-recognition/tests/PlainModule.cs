using Harness.Torch;
using Suites.PlaceRecognition.Modules;

namespace Suites.PlaceRecognition.Tests;

/// <summary>The module's equations once more, in double, every synapse by itself and its spikes in a queue.</summary>
sealed class PlainModule
{
    readonly int inputs, neurons;
    readonly int[,] delays;
    readonly double[,] pre;
    readonly Queue<int>[,] travelling;
    readonly double[] v, ge, gi, theta, post1, post2, u, partnerGe;
    readonly int[] ready, partnerReady;
    int step;

    public PlainModule(int inputs, int neurons, SampleOrder chance)
    {
        (this.inputs, this.neurons) = (inputs, neurons);
        (delays, pre, Weights) = (new int[inputs, neurons], new double[inputs, neurons], new double[inputs, neurons]);
        travelling = new Queue<int>[inputs, neurons];
        (v, ge, gi, theta, post1, post2) = (Filled(-65), Filled(0), Filled(0), Filled(20), Filled(0), Filled(0));
        (u, partnerGe, ready, partnerReady, Counts) = (Filled(-60), Filled(0), new int[neurons], new int[neurons], new int[neurons]);
        for (var input = 0; input < inputs; input++)
        {
            for (var neuron = 0; neuron < neurons; neuron++)
            {
                delays[input, neuron] = (int)Math.Round(chance.Unit() * 20);
                travelling[input, neuron] = new();
            }
            foreach (var neuron in Enumerable.Range(0, neurons).OrderBy(neuron => delays[input, neuron]).ToArray())
                Weights[input, neuron] = 0.3 * (chance.Unit() + 0.01);
        }
        for (var neuron = 0; neuron < neurons; neuron++)
        {
            var sum = Enumerable.Range(0, inputs).Sum(input => Weights[input, neuron]);
            for (var input = 0; input < inputs; input++) Weights[input, neuron] *= 78 / sum;
        }
        First = (double[,])Weights.Clone();
    }

    public double[,] Weights { get; }
    public double[,] First { get; }
    public int[] Counts { get; private set; }

    double[] Filled(double value) => [.. Enumerable.Repeat(value, neurons)];

    public void Show(float[] image, SampleOrder chance)
    {
        Counts = new int[neurons];
        var trains = new PoissonTrains(image, step, chance);
        for (var shown = 0; shown < 1000; shown++)
        {
            var fired = new List<int>();
            if (shown < 700) trains.Take(step, fired);
            foreach (var input in fired)
                for (var neuron = 0; neuron < neurons; neuron++) travelling[input, neuron].Enqueue(step + delays[input, neuron]);
            Advance();
        }
    }

    void Advance()
    {
        List<int> spikes = [], partners = [];
        for (var n = 0; n < neurons; n++)
        {
            if (step >= ready[n])
            {
                v[n] += 0.5 / 100 * (-65 - v[n] + ge[n] * (0 - v[n]) + gi[n] * (-100 - v[n]));
                if (v[n] > theta[n] - 20 - 52) spikes.Add(n);
            }
            if (step >= partnerReady[n])
            {
                u[n] += 0.5 / 10 * (-60 - u[n] + partnerGe[n] * (0 - u[n]));
                if (u[n] > -40) partners.Add(n);
            }
            (ge[n], gi[n], partnerGe[n]) = (ge[n] * Math.Exp(-0.5), gi[n] * Math.Exp(-1), partnerGe[n] * Math.Exp(-0.5));
            (post1[n], post2[n]) = (post1[n] * Math.Exp(-0.5 / 20), post2[n] * Math.Exp(-0.5 / 40));
        }
        for (var input = 0; input < inputs; input++)
            for (var n = 0; n < neurons; n++)
            {
                pre[input, n] *= Math.Exp(-0.5 / 20);
                if (!travelling[input, n].TryPeek(out var due) || due != step) continue;
                travelling[input, n].Dequeue();
                ge[n] += Weights[input, n];
                Weights[input, n] = Math.Clamp(Weights[input, n] + 1e-4 * post1[n], 0, 1);
                pre[input, n] = 1;
            }
        foreach (var n in spikes)
        {
            Counts[n]++;
            partnerGe[n] += 10.4;
            theta[n] += 0.05;
            for (var input = 0; input < inputs; input++)
                Weights[input, n] = Math.Clamp(Weights[input, n] + 0.01 * pre[input, n] * post2[n], 0, 1);
            (post1[n], post2[n]) = (1, 1);
            (v[n], ready[n]) = (-65, step + 11);
        }
        foreach (var partner in partners)
        {
            for (var n = 0; n < neurons; n++) gi[n] += n == partner ? 0 : 17;
            (u[partner], partnerReady[partner]) = (-45, step + 5);
        }
        step++;
    }
}
