namespace Harness.Datasets.Cochlea;

/// <summary>
/// The inner hair cell of Meddis (J. Acoust. Soc. Am. 79, 702, 1986; 83, 1056, 1988): transmitter moves between a free pool q, the cleft c
/// and a reprocessing store w; the probability of a release in a step is h·c·dt.
/// </summary>
static class HairCell
{
    const double Replenish = 5.05;      // y
    const double Release = 2000;        // g
    const double Loss = 2500;           // l
    const double Recovery = 6580;       // r
    const double Reprocess = 66.3;      // x
    const double PermeabilityA = 5;     // A
    const double PermeabilityB = 300;   // B
    const double Firing = 50_000;       // h
    const double Pool = 1;              // M

    /// <summary>Probabilities of release per step, from membrane velocities; both have one value per step.</summary>
    public static void Respond(ReadOnlySpan<double> velocity, double rate, Span<double> probability)
    {
        var step = 1 / rate;
        var permeability = Release * PermeabilityA / (PermeabilityA + PermeabilityB);
        var cleft = Pool * Replenish * permeability / (Loss * permeability + Replenish * (Loss + Recovery));
        var free = cleft * (Loss + Recovery) / permeability;
        var store = cleft * Recovery / Reprocess;
        for (var i = 0; i < velocity.Length; i++)
        {
            var drive = velocity[i] + PermeabilityA;
            var ejected = drive > 0 ? Release * step * drive / (drive + PermeabilityB) * free : 0;
            var made = free < Pool ? Replenish * step * (Pool - free) : 0;
            var (lost, taken, reprocessed) = ((Loss + Recovery) * step * cleft, Recovery * step * cleft, Reprocess * step * store);
            free = Math.Max(free + made - ejected + reprocessed, 0);
            cleft = Math.Max(cleft + ejected - lost, 0);
            store = Math.Max(store + taken - reprocessed, 0);
            probability[i] = Firing * step * cleft;
        }
    }
}
