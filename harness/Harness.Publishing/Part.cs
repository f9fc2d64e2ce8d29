using Harness.Publishing.Boards;
using Harness.Publishing.Text;
using Microsoft.AspNetCore.Components;

namespace Harness.Publishing;

/// <summary>A piece of a page: knows the site and where it is shown.</summary>
public abstract class Part : ComponentBase
{
    [CascadingParameter] public required Site Site { get; set; }
    [CascadingParameter] public required Location Here { get; set; }
}
